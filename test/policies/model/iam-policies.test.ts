import assert from "node:assert";
import fc from "fast-check";
import { Field } from "../../../policies/model/field";
import {
  coversAction,
  coveredBy,
  type Grant,
  grantOf,
  isEverything,
  isForAnyIdentity,
  isForAnyResource,
  isNarrowed,
} from "../../../policies/model/iam-policies";

const grant = (more: object): Grant =>
  grantOf(new Field({ Effect: "Allow", Action: "s3:GetObject", Resource: "*", ...more }))!;

describe("coversAction", () => {
  const table: readonly [pattern: string, action: string, covers: boolean][] = [
    ["iam:passrole", "iam:passrole", true],
    ["iam:pass*", "iam:passrole", true],
    ["iam:*role", "iam:passrole", true],
    ["*", "iam:passrole", true],
    ["iam:p??srole", "iam:passrole", true],
    ["iam:pass?", "iam:passrole", false],
    ["iam:passrole", "iam:passrol", false],
    ["iam:*s*e", "iam:passrole", true],
    ["sts:*", "iam:passrole", false],
    ["", "iam:passrole", false],
    ["iam:pass(role", "iam:passrole", false],
  ];
  for (const [pattern, action, covers] of table) {
    it(`says ${covers} of \`${pattern}\` and \`${action}\``, () =>
      assert.strictEqual(coversAction(pattern, action), covers));
  }

  it("agrees with a regular expression", () => {
    const text = (letters: string[]) => fc.string({ unit: fc.constantFrom(...letters), maxLength: 8 });
    fc.assert(
      fc.property(text(["a", "b", "*", "?"]), text(["a", "b"]), (pattern, action) => {
        const source = pattern.replaceAll("*", ".*").replaceAll("?", ".");
        assert.strictEqual(coversAction(pattern, action), new RegExp(`^${source}$`).test(action));
      }),
    );
  });

  it("is done soon with a pattern made to take long", () => {
    assert.ok(!coversAction(`${"*a".repeat(2000)}b`, "a".repeat(4000)));
  });
});

describe("A grant", () => {
  it("is none where the statement denies", () => {
    assert.strictEqual(grantOf(new Field({ Effect: "Deny", Action: "*", Resource: "*" })), undefined);
  });

  it("finds an action that a pattern covers, whatever the case", () => {
    assert.strictEqual(coveredBy(grant({ Action: ["IAM:Pass*"] }), ["iam:passrole"]), "iam:passrole");
    assert.strictEqual(coveredBy(grant({ Action: "*" }), ["iam:passrole"]), undefined);
  });

  it("tells everything from one service", () => {
    assert.deepStrictEqual(["*", "*:*", "**", "s3:*", ""].map(isEverything), [
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  const resources: readonly [resource: string, anyResource: boolean, anyIdentity: boolean][] = [
    ["*", true, true],
    ["arn:aws:s3:::*", true, true],
    ["arn:aws:sqs:*:*:*", true, true],
    ["arn:aws:iam::111122223333:role/*", false, true],
    ["arn:aws:iam::111122223333:role/team-*", false, false],
    ["arn:aws:s3:::models/*", false, false],
    ["arn:aws:s3:::*/*", true, true],
    ["arn:aws:s3:::*/models/*", false, false],
    ["arn:aws:s3:::models-*", false, false],
    ["arn:*", true, true],
    ["arn:aws:iam::111122223333:*", true, true],
    ["arn:aws:iam::111122223333:role*", false, true],
    ["arn:aws:iam::111122223333:*/*", true, true],
    ["arn:aws:iam::111122223333:instance-profile/*", false, false],
    ["arn:aws:iam::*:role/deploy", false, false],
    ["arn:aws:kms:*:*:key/*", true, true],
    ["arn:aws:kms:*:111122223333:key/*", false, false],
    ["arn:aws:kms:eu-central-1:*:key/*", false, false],
    ["arn:aws:lambda:*:*:function:text", false, false],
    ["arn:aws:sqs:eu-central-1:111122223333:*", false, false],
  ];
  for (const [Resource, anyResource, anyIdentity] of resources) {
    it(`on ${Resource} is ${anyResource ? "" : "not "}for any resource, ${anyIdentity ? "" : "not "}for any identity`, () => {
      assert.strictEqual(isForAnyResource(grant({ Resource })), anyResource);
      assert.strictEqual(isForAnyIdentity(grant({ Resource })), anyIdentity);
    });
  }

  it("is narrowed by what it is called on, not by how it is called", () => {
    const under = (Condition: object): boolean => isNarrowed(grant({ Condition }));
    assert.ok(under({ StringEquals: { "aws:ResourceTag/team": "text" } }));
    assert.ok(!under({ Bool: { "aws:MultiFactorAuthPresent": "true" } }));
    assert.ok(!under({ IpAddress: { "aws:SourceIp": "203.0.113.0/24" } }));
    assert.ok(!under({ StringLike: { "aws:ResourceTag/team": "*" } }));
    assert.ok(!under({ StringEquals: { "aws:PrincipalOrgID": "o-1" } }));
    assert.ok(!under({ StringEquals: { "aws:SourceVpce": "vpce-1" } }));
    assert.ok(!under({ StringEquals: { "aws:PrincipalTag/team": "text" } }));
    assert.ok(!under({ StringLike: { "iam:PassedToService": "*.amazonaws.com" } }));
    assert.ok(under({ StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } }));
    assert.ok(under({ StringEquals: { "kms:ViaService": "s3.eu-central-1.amazonaws.com" } }));
    assert.ok(!under({}));
  });

  it("is not narrowed by what also holds where nothing is stated", () => {
    const key = "aws:ResourceTag/team";
    const under = (operator: string, value: string): boolean =>
      isNarrowed(grant({ Condition: { [operator]: { [key]: value } } }));
    for (const operator of ["StringNotEquals", "StringEqualsIfExists", "ForAllValues:StringEquals"]) {
      assert.ok(!under(operator, "text"), operator);
    }
    assert.ok(!under("Null", "true"));
    // The tag must be there: so the load balancer controller is kept to what it made.
    assert.ok(under("Null", "false"));
  });
});
