import assert from "node:assert";
import { Field } from "../../../policies/model/field";
import {
  conditionsOf,
  isAboutEveryone,
  isOpenToEveryone,
  limitsCallers,
  principalsOf,
  statementsOf,
  textsOf,
} from "../../../policies/model/iam-statements";
import { UNKNOWN, UnknownRead } from "../../../policies/model/unknown";

const statement = (value: Record<string, unknown>): Field => new Field(value, "policy");
const sids = (policy: unknown): unknown[] =>
  statementsOf(new Field(policy, "policy")).map((item) => item.get("Sid").value());

describe("statementsOf", () => {
  const cases: readonly [name: string, policy: unknown, sids: unknown[]][] = [
    ["text", '{"Statement":[{"Sid":"a"},{"Sid":"b"}]}', ["a", "b"]],
    ["an object", { Statement: [{ Sid: "a" }] }, ["a"]],
    ["one statement without a list", { Statement: { Sid: "a" } }, ["a"]],
    ["text that is no JSON", "{", []],
    ["text of something else", "[1]", []],
    ["nothing", undefined, []],
  ];
  for (const [name, policy, expected] of cases) {
    it(`reads ${name}`, () => assert.deepStrictEqual(sids(policy), expected));
  }

  it("does not take an unknown policy for an empty one", () => {
    assert.throws(() => sids(UNKNOWN), new UnknownRead("policy"));
  });

  it("names the place of an unknown value", () => {
    const [first] = statementsOf(new Field({ Statement: [{ Effect: UNKNOWN }] }, "policy"));
    assert.throws(() => first?.get("Effect").string(), new UnknownRead("policy.Statement[0].Effect"));
  });
});

describe("textsOf", () => {
  it("reads one text and several", () => {
    assert.deepStrictEqual(textsOf(new Field("a")), ["a"]);
    assert.deepStrictEqual(textsOf(new Field(["a", {}, "b"])), ["a", "b"]);
  });

  it("reads an account's number", () => {
    assert.deepStrictEqual(textsOf(new Field(111122223333)), ["111122223333"]);
  });
});

describe("principalsOf", () => {
  it("reads every spelling", () => {
    assert.deepStrictEqual(principalsOf(statement({ Principal: "*" })), [{ kind: "*", name: "*" }]);
    assert.deepStrictEqual(principalsOf(statement({ Principal: ["*"] })), [{ kind: "*", name: "*" }]);
    assert.deepStrictEqual(principalsOf(statement({ Principal: { AWS: ["a", "b"], Service: "s" } })), [
      { kind: "AWS", name: "a" },
      { kind: "AWS", name: "b" },
      { kind: "Service", name: "s" },
    ]);
  });
});

describe("isAboutEveryone", () => {
  it("is so for `*` alone and for `*` of AWS, not for a service or a federation", () => {
    const about = (Principal: unknown): boolean => isAboutEveryone(statement({ Principal }));
    assert.deepStrictEqual(
      ["*", { AWS: "*" }, { AWS: ["arn", "*"] }, { Service: "*" }, { AWS: "arn:*" }, undefined].map(about),
      [true, true, true, false, false, false],
    );
  });
});

describe("conditionsOf", () => {
  it("reads operators and keys as AWS compares them", () => {
    const Condition = { "ForAnyValue:StringLike": { "AWS:PrincipalArn": ["a", "b"] }, Bool: { x: false } };
    assert.deepStrictEqual(conditionsOf(statement({ Condition })), [
      { operator: "stringlike", key: "aws:principalarn", values: ["a", "b"], holdsWithoutKey: false },
      { operator: "bool", key: "x", values: ["false"], holdsWithoutKey: false },
    ]);
  });

  it("tells what also holds for a request without the key", () => {
    const holds = (operator: string, value = "x"): boolean | undefined =>
      conditionsOf(statement({ Condition: { [operator]: { "aws:SourceArn": value } } }))[0]?.holdsWithoutKey;
    for (const operator of [
      "ForAllValues:StringLike",
      "StringEqualsIfExists",
      "ArnNotLike",
      "NotIpAddress",
    ]) {
      assert.strictEqual(holds(operator), true, operator);
    }
    assert.strictEqual(holds("ForAnyValue:StringLike"), false);
    assert.deepStrictEqual([holds("Null", "true"), holds("Null", "false")], [true, false]);
  });
});

describe("isOpenToEveryone", () => {
  const allow = { Effect: "Allow", Principal: "*" };
  const under = (operator: string, key: string, value: string | string[]) => ({
    ...allow,
    Condition: { [operator]: { [key]: value } },
  });
  const cases: readonly [name: string, statement: Record<string, unknown>, open: boolean][] = [
    ["no condition", allow, true],
    ["all principals but one", { Effect: "Allow", NotPrincipal: { AWS: "arn" } }, true],
    ["a denial", { ...allow, Effect: "Deny" }, false],
    ["one organisation", { ...allow, Condition: { StringEquals: { "aws:PrincipalOrgID": "o" } } }, false],
    ["one network", { ...allow, Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } }, false],
    ["every address", { ...allow, Condition: { IpAddress: { "aws:SourceIp": "0.0.0.0/0" } } }, true],
    ["all but one account", { ...allow, Condition: { StringNotEquals: { "kms:CallerAccount": "1" } } }, true],
    [
      "a key that may be absent",
      { ...allow, Condition: { StringEqualsIfExists: { "aws:SourceArn": "a" } } },
      true,
    ],
    ["all of no paths", under("ForAllValues:StringLike", "aws:PrincipalOrgPaths", "o-a1/r-1/*"), true],
    ["one of the paths", under("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-a1/r-1/*"), false],
    ["any path", under("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-*/*"), true],
    ["every address in halves", under("IpAddress", "aws:SourceIp", ["0.0.0.0/1", "128.0.0.0/1"]), true],
    ["every role", under("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/*"), true],
    ["everything of IAM", under("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:*"), true],
    ["every ARN", under("StringLike", "aws:PrincipalArn", "arn:*"), true],
    ["the roles of an account", under("ArnLike", "aws:PrincipalArn", "arn:aws:iam::1:role/*"), false],
    ["any organisation", under("StringLike", "aws:PrincipalOrgID", "o-*"), true],
    ["some organisations", under("StringLike", "aws:PrincipalOrgID", ["o-a1", "o-b2*"]), false],
    ["every bucket", under("ArnLike", "aws:SourceArn", "arn:aws:s3:*:*:*"), true],
    ["a bucket, wherever", under("ArnLike", "aws:SourceArn", "arn:aws:s3:*:*:bucket"), false],
    ["a bucket", under("ArnLike", "aws:SourceArn", "arn:aws:s3:::bucket"), false],
    ["a topic, whosever", under("ArnLike", "aws:SourceArn", "arn:aws:sns:*:*:orders"), true],
    ["a topic of an account", under("ArnLike", "aws:SourceArn", "arn:aws:sns:*:1:orders"), false],
    [
      "a distribution, whosever",
      under("ArnLike", "aws:SourceArn", "arn:aws:cloudfront::*:distribution/E1"),
      false,
    ],
    ["a role, whosever", under("StringLike", "aws:PrincipalArn", "arn:aws:iam::*:role/mirror"), true],
    [
      "a role, whosever, in an organisation",
      {
        ...allow,
        Condition: {
          ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/mirror" },
          StringEquals: { "aws:PrincipalOrgID": "o-a1" },
        },
      },
      false,
    ],
    ["a session, whosever", under("StringLike", "aws:userId", "*:mirror"), true],
    ["the sessions of a role", under("StringLike", "aws:userId", "AROAEXAMPLE:*"), false],
    ["any VPC", under("StringLike", "aws:SourceVpc", "vpc-*"), true],
    ["anybody who is somebody", under("Null", "aws:PrincipalArn", "false"), true],
    ["no value at all", { ...allow, Condition: { StringEquals: { "aws:SourceArn": [] } } }, true],
  ];
  for (const [name, value, open] of cases) {
    it(`${name}: ${open}`, () => assert.strictEqual(isOpenToEveryone(statement(value)), open));
  }

  it("cannot say of a condition that is not known", () => {
    const unknown = statement({ ...allow, Condition: { StringEquals: { "aws:SourceArn": UNKNOWN } } });
    assert.throws(() => limitsCallers(unknown), UnknownRead);
  });
});
