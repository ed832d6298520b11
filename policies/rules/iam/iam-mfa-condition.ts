import type { Field } from "../../model/field";
import { IDENTITY_POLICY_TYPES } from "../../model/iam-policies";
import { statementsOf } from "../../model/iam-statements";
import { eachRule } from "../../model/input-rule";
import { type MfaDemand, mfaDemandOf } from "../../model/mfa";

const PROBLEMS: Partial<Record<MfaDemand, string>> = {
  "seems to demand":
    'must ask for a second factor by `Bool: { "aws:MultiFactorAuthPresent": "true" }`: what it says also lets in who has none.',
  "seems to deny":
    'must deny by `BoolIfExists: { "aws:MultiFactorAuthPresent": "false" }`: long-term access keys do not send the key, and pass.',
};

function documentsOf(fields: Field): Field[] {
  const inline = fields.get("inlinePolicies").items();
  const places = ["policy", "inlinePolicy", "assumeRolePolicy", "resourcePolicy"];
  return [...places.map((place) => fields.get(place)), ...inline.map((one) => one.get("policy"))];
}

export const iamMfaCondition = eachRule<Field>(
  {
    id: "iam-mfa-condition",
    title: "Who demands a second factor demands it of access keys too",
    severity: "medium",
    description:
      "Requests with long-term access keys lack `aws:MultiFactorAuthPresent`. An Allow with `BoolIfExists` lets them pass, and a Deny with `Bool` does not stop them.",
    remediation:
      'Effect: "Allow", Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } // with "Deny": BoolIfExists, "false"',
    types: [
      ...IDENTITY_POLICY_TYPES,
      "aws:s3/bucketPolicy:BucketPolicy",
      "aws:kms/key:Key",
      "aws:kms/keyPolicy:KeyPolicy",
      "aws:secretsmanager/secretPolicy:SecretPolicy",
      "aws:sqs/queuePolicy:QueuePolicy",
      "aws:sns/topicPolicy:TopicPolicy",
    ],
    controls: [],
  },
  documentsOf,
  (policy) => {
    const found = statementsOf(policy).map(mfaDemandOf);
    // What one statement leaves open another one may close.
    const isSound = found.includes("denies") || found.includes("demands");
    const flaw = found.find(
      (demand) => demand === "seems to demand" || (demand === "seems to deny" && !isSound),
    );
    return flaw && PROBLEMS[flaw];
  },
);
