import assert from "node:assert";
import { policyDocument } from "../../../../toolchain/plugins/aws/policy-document";
import type { Properties } from "../../../../toolchain/plugins/shared";

function render(args: Properties): unknown {
  return JSON.parse(String(policyDocument(args).json));
}

const ALLOW_ALL = { sid: "all", actions: ["*"], resources: ["*"] };

describe("policyDocument", () => {
  it("writes a statement in the official provider's order and layout", () => {
    const { json, minifiedJson } = policyDocument({
      statements: [
        {
          actions: ["s3:GetObject"],
          resources: ["arn:aws:s3:::models/*"],
          principals: [{ type: "Service", identifiers: ["eks.amazonaws.com"] }],
        },
      ],
    });
    assert.strictEqual(
      json,
      `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "s3:GetObject",
      "Resource": "arn:aws:s3:::models/*",
      "Principal": {
        "Service": "eks.amazonaws.com"
      }
    }
  ]
}`,
    );
    assert.strictEqual(minifiedJson, JSON.stringify(JSON.parse(String(json))));
  });

  it("writes lists in reverse alphabetical order, and one value as text", () => {
    const statement = { sid: "a", effect: "Deny", notActions: ["b", "c", "a"], notResources: ["x"] };
    assert.deepStrictEqual(render({ statements: [statement] }), {
      Version: "2012-10-17",
      Statement: [{ Sid: "a", Effect: "Deny", NotAction: ["c", "b", "a"], NotResource: "x" }],
    });
  });

  it("groups principals by type, and knows everyone", () => {
    const principals = [
      { type: "AWS", identifiers: ["b"] },
      { type: "AWS", identifiers: ["a"] },
      { type: "Federated", identifiers: ["c"] },
    ];
    const everyone = [{ type: "*", identifiers: ["*"] }];
    assert.deepStrictEqual(render({ statements: [{ principals }, { principals: everyone }] }), {
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { AWS: ["b", "a"], Federated: "c" } },
        { Effect: "Allow", Principal: "*" },
      ],
    });
  });

  it("keeps the order of a condition's values, and fills in variables", () => {
    const conditions = [
      { test: "StringLike", variable: "aws:username", values: ["b", "a"] },
      { test: "StringEquals", variable: "x", values: ["&{aws:username}"] },
    ];
    assert.deepStrictEqual(render({ statements: [{ conditions }] }), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Condition: { StringLike: { "aws:username": ["b", "a"] }, StringEquals: { x: "${aws:username}" } },
        },
      ],
    });
  });

  it("merges sources and overrides by statement ID", () => {
    const source = JSON.stringify({ Statement: { Sid: "one", Effect: "Allow", Action: "a" } });
    const override = JSON.stringify({ Statement: [{ Sid: "all", Effect: "Deny", Action: "*" }] });
    const document = {
      sourcePolicyDocuments: [source],
      overridePolicyDocuments: [override],
      statements: [ALLOW_ALL],
    };
    assert.deepStrictEqual(render({ ...document, policyId: "id", version: "2008-10-17" }), {
      Version: "2008-10-17",
      Id: "id",
      Statement: [
        { Sid: "one", Effect: "Allow", Action: "a" },
        { Sid: "all", Effect: "Deny", Action: "*" },
      ],
    });
  });

  it("has an ID that depends on the content", () => {
    const [one, two] = [policyDocument({ statements: [ALLOW_ALL] }), policyDocument({ statements: [] })];
    assert.match(String(one.id), /^\d+$/);
    assert.notStrictEqual(one.id, two.id);
  });

  it("says which argument is no policy document", () => {
    assert.throws(() => policyDocument({ sourcePolicyDocuments: ["{"] }), {
      message: "`sourcePolicyDocuments` must hold policy documents in JSON.",
    });
  });
});
