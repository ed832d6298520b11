import { from, type TwinData } from "../model";
import { allow, aws, document, policyText, TRUST } from "../worlds/aws";
import { ANY_SUBJECT, iam, NO_SUBJECT, passwords, SUBJECT, webIdentity } from "../worlds/aws-iam";

const may = (action: unknown, resource: unknown = "*", more: Record<string, unknown> = {}) =>
  policyText({ Effect: "Allow", Action: action, Resource: resource, ...more });
const named = (...names: string[]) => ({ names });

export const awsIam: readonly TwinData[] = [
  ...from("Prowler", [
    [
      "iam_customer_attached_policy_no_administrative_privileges",
      "everything on everything",
      iam,
      { "policy.policy": may("*") },
      named("policy"),
    ],
    [
      "iam_customer_attached_policy_no_administrative_privileges",
      "everything on everything, spelt as a list",
      iam,
      { "policy.policy": document({ Effect: "Allow", Action: ["*"], Resource: ["*"] }) },
      named("policy"),
    ],
    [
      "iam_customer_attached_policy_no_administrative_privileges",
      "everything on everything, spelt *:*",
      iam,
      { "policy.policy": may("*:*") },
      named("policy"),
    ],
    [
      "iam_customer_attached_policy_no_administrative_privileges",
      "one statement of two",
      iam,
      {
        "policy.policy": policyText(allow(undefined, "s3:GetObject", "arn:aws:s3:::models/*"), {
          Effect: "Allow",
          Action: "*",
          Resource: "*",
        }),
      },
      named("policy"),
    ],
    [
      "iam_inline_policy_no_administrative_privileges",
      "everything, inline of a role",
      iam,
      { "inline.policy": may("*") },
      named("inline"),
    ],
    [
      "iam_inline_policy_no_administrative_privileges",
      "everything, inline of a group",
      iam,
      { "group.policy": may("*") },
      named("group"),
    ],
    [
      "iam_inline_policy_no_administrative_privileges",
      "everything, in the role itself",
      iam,
      { "role.inlinePolicies": [{ name: "all", policy: may("*") }] },
      {
        good: {
          "role.inlinePolicies": [{ name: "read", policy: may("s3:GetObject", "arn:aws:s3:::models/*") }],
        },
      },
    ],
    [
      "iam_aws_attached_policy_no_administrative_privileges",
      "AWS' policy for administrators",
      iam,
      { "attachment.policyArn": "arn:aws:iam::aws:policy/AdministratorAccess" },
      named("attachment"),
    ],
    [
      "iam_role_administratoraccess_policy",
      "AWS' policy for administrators, in the role itself",
      iam,
      {
        "role.managedPolicyArns": [
          "arn:aws:iam::aws:policy/ReadOnlyAccess",
          "arn:aws:iam::aws:policy/AdministratorAccess",
        ],
      },
      { good: { "role.managedPolicyArns": ["arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy"] } },
    ],
    [
      "iam_policy_allows_privilege_escalation",
      "any role may be passed on",
      iam,
      { "policy.policy": may(["iam:PassRole", "ec2:RunInstances"]) },
      {
        good: {
          "policy.policy": may("iam:PassRole", "arn:aws:iam::111122223333:role/nodes", {
            Condition: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
          }),
        },
        ...named("policy"),
      },
    ],
    [
      "iam_policy_allows_privilege_escalation",
      "policies may be changed",
      iam,
      { "inline.policy": may(["iam:CreatePolicyVersion", "iam:AttachRolePolicy", "iam:PutUserPolicy"]) },
      named("inline"),
    ],
    [
      "iam_role_cross_service_confused_deputy_prevention",
      "everyone may take the role",
      iam,
      { "role.assumeRolePolicy": TRUST("*") },
    ],
    [
      "iam_role_cross_service_confused_deputy_prevention",
      "everyone of AWS may take the role",
      iam,
      { "role.assumeRolePolicy": TRUST({ AWS: "*" }) },
      { good: { "role.assumeRolePolicy": TRUST({ AWS: "arn:aws:iam::111122223333:role/ci" }) } },
    ],
    [
      "iam_inline_policy_allows_privilege_escalation",
      "any role may be taken",
      iam,
      { "inline.policy": may("sts:AssumeRole") },
      {
        good: { "inline.policy": may("sts:AssumeRole", "arn:aws:iam::111122223333:role/reader") },
        ...named("inline"),
      },
    ],
    [
      "iam_inline_policy_no_full_access_to_kms",
      "everything on every key",
      iam,
      { "inline.policy": may("kms:*") },
      {
        good: { "inline.policy": may("kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:key/1") },
        ...named("inline"),
      },
    ],
    [
      "iam_policy_no_full_access_to_cloudtrail",
      "everything on trails",
      iam,
      { "policy.policy": may("cloudtrail:*") },
      named("policy"),
    ],
    [
      "iam_user_console_access_unused",
      "a user with a password for the console",
      iam,
      { login: aws("iam/userLoginProfile:UserLoginProfile", { user: "anna" }) },
      named("login"),
    ],
    [
      "iam_policy_attached_only_to_group_or_roles",
      "a policy of a single user",
      iam,
      {
        user: aws("iam/userPolicy:UserPolicy", {
          user: "anna",
          policy: may("s3:GetObject", "arn:aws:s3:::models/*"),
        }),
      },
      named("user"),
    ],
    [
      "iam_policy_attached_only_to_group_or_roles",
      "a policy attached to a single user",
      iam,
      {
        user: aws("iam/userPolicyAttachment:UserPolicyAttachment", {
          user: "anna",
          policyArn: "arn:aws:iam::111122223333:policy/read",
        }),
      },
      named("user"),
    ],
    [
      "iam_user_no_setup_initial_access_key",
      "a key that never ends",
      iam,
      { key: aws("iam/accessKey:AccessKey", { user: "ci" }) },
      named("key"),
    ],
    [
      "iam_password_policy_minimum_length_14",
      "short passwords",
      passwords,
      { "passwords.minimumPasswordLength": 8 },
    ],
    [
      "iam_password_policy_reuse_24",
      "old passwords again",
      passwords,
      { "passwords.passwordReusePrevention": undefined },
    ],
  ]),
  ...from("AWS Foundational Security Best Practices", [
    ["IAM.21", "every action of a service", iam, { "policy.policy": may("s3:*") }, named("policy")],
    [
      "IAM.21",
      "every action of a service, inline",
      iam,
      {
        "inline.policy": document({ Effect: "Allow", Action: ["logs:PutLogEvents", "ec2:*"], Resource: "*" }),
      },
      named("inline"),
    ],
  ]),
  ...from("Checkov", [
    [
      "CKV_AWS_290",
      "writes that nothing bounds",
      iam,
      { "policy.policy": may(["s3:PutObject", "s3:DeleteObject", "s3:PutBucketPolicy"]) },
      { good: { "policy.policy": may(["s3:PutObject"], "arn:aws:s3:::models/*") }, ...named("policy") },
    ],
    [
      "CKV_AWS_288",
      "every object of every bucket may be read",
      iam,
      { "inline.policy": may(["s3:GetObject", "secretsmanager:GetSecretValue"]) },
      named("inline"),
    ],
    [
      "CKV_AWS_63",
      "all but a few actions",
      iam,
      { "policy.policy": policyText({ Effect: "Allow", NotAction: ["iam:*"], Resource: "*" }) },
      {
        good: { "policy.policy": policyText({ Effect: "Deny", NotAction: ["s3:GetObject"], Resource: "*" }) },
        ...named("policy"),
      },
    ],
    [
      "CKV_AWS_61",
      "every principal of an account may take the role",
      iam,
      { "role.assumeRolePolicy": TRUST({ AWS: "arn:aws:iam::999988887777:root" }) },
      {
        good: {
          "role.assumeRolePolicy": TRUST(
            { AWS: "arn:aws:iam::999988887777:root" },
            { StringEquals: { "sts:ExternalId": "x-1" } },
          ),
        },
      },
    ],
  ]),
  ...from("EKS best practices", [
    [
      "IAM: roles for service accounts",
      "every account of the cluster may take the role",
      iam,
      { "role.assumeRolePolicy": webIdentity(ANY_SUBJECT) },
      { good: { "role.assumeRolePolicy": webIdentity(SUBJECT) } },
    ],
    [
      "IAM: roles for service accounts",
      "no account named",
      iam,
      { "role.assumeRolePolicy": webIdentity(NO_SUBJECT) },
      { good: { "role.assumeRolePolicy": webIdentity(SUBJECT) } },
    ],
    [
      "IAM: roles for service accounts",
      "no condition at all",
      iam,
      { "role.assumeRolePolicy": webIdentity() },
      { good: { "role.assumeRolePolicy": webIdentity(SUBJECT) } },
    ],
  ]),
];
