import { coveredBy, grantRule, isForAnyResource, isNarrowed } from "../../model/iam-policies";

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

export const iamPolicyDataAccess = grantRule(
  {
    id: "iam-policy-data-access",
    title: "Policies name the data and secrets that may be read",
    severity: "high",
    description: "On `*` one taken pod reads every bucket, table and secret of the account.",
    remediation: 'Action: ["secretsmanager:GetSecretValue"], Resource: [secret.arn]',
    controls: [],
  },
  (grant) => {
    const action = coveredBy(grant, READING);
    return action === undefined || !isForAnyResource(grant) || isNarrowed(grant)
      ? undefined
      : `must name the resources that \`${action}\` is for, not \`*\`.`;
  },
);
