import {
  coveredBy,
  type Grant,
  grantRule,
  isForAnyResource,
  isForEverySecret,
  isNarrowed,
} from "../../model/iam-policies";

/** What hands out data or secrets; all of these can be limited to resources. */
const READING = [
  "secretsmanager:getsecretvalue",
  "secretsmanager:batchgetsecretvalue",
  "ssm:getparameter",
  "ssm:getparameters",
  "ssm:getparametersbypath",
  "s3:getobject",
  "dynamodb:getitem",
  "dynamodb:batchgetitem",
  "dynamodb:query",
  "dynamodb:scan",
  "kms:decrypt",
  "kinesis:getrecords",
  "sqs:receivemessage",
  "rds-data:executestatement",
];

const SECRETS = READING.filter((action) => /^(?:secretsmanager|kms):/.test(action));

/** @throws UnknownRead */
function tooWide(grant: Grant): string | undefined {
  if (isForAnyResource(grant)) return coveredBy(grant, READING);
  return isForEverySecret(grant) ? coveredBy(grant, SECRETS) : undefined;
}

export const iamPolicyDataAccess = grantRule(
  {
    id: "iam-policy-data-access",
    title: "Policies name the data and secrets that may be read",
    severity: "high",
    description:
      "On `*` one taken pod reads every bucket, table and secret of the account; on `secret:*` and `key/*` of an account every secret, and what is under every key.",
    remediation: 'Action: ["secretsmanager:GetSecretValue"], Resource: [secret.arn]',
    controls: [],
  },
  (grant) => {
    const action = tooWide(grant);
    return action === undefined || isNarrowed(grant)
      ? undefined
      : `must name the resources that \`${action}\` is for, not all of an account.`;
  },
);
