import { UNKNOWN } from "../../../../policies/testing";
import { iamAdministratorAccess } from "../../../../policies/rules/iam/iam-administrator-access";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const ROLE = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const managed = (name: string) => `arn:aws:iam::aws:policy/${name}`;

describeRule(iamAdministratorAccess, {
  good: {
    "a service's policy": put("attachment", ROLE, {
      role: "nodes",
      policyArn: managed("AmazonEKSWorkerNodePolicy"),
    }),
  },
  bad: {
    role: put("attachment", ROLE, { role: "nodes", policyArn: managed("AdministratorAccess") }),
    "power user": put("attachment", ROLE, { role: "nodes", policyArn: managed("PowerUserAccess") }),
    group: put("attachment", "aws:iam/groupPolicyAttachment:GroupPolicyAttachment", {
      group: "ops",
      policyArn: managed("IAMFullAccess"),
    }),
    "any of them": put("attachment", "aws:iam/policyAttachment:PolicyAttachment", {
      roles: ["ops"],
      policyArn: managed("AdministratorAccess"),
    }),
    "another partition": put("attachment", ROLE, {
      role: "nodes",
      policyArn: "arn:aws-cn:iam::aws:policy/AdministratorAccess",
    }),
    "a role's own list": example("role", { managedPolicyArns: [managed("AdministratorAccess")] }),
    "a permission set": put("set", "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment", {
      managedPolicyArn: managed("AdministratorAccess"),
    }),
  },
  partial: {
    "one of two": example("role", {
      managedPolicyArns: [managed("ReadOnlyAccess"), managed("AdministratorAccess")],
    }),
  },
  wrongType: {
    "a text instead of a list": example("role", { managedPolicyArns: managed("AdministratorAccess") }),
  },
  unknown: {
    policy: put("attachment", ROLE, { role: "nodes", policyArn: UNKNOWN }),
    list: example("role", { managedPolicyArns: UNKNOWN }),
  },
});
