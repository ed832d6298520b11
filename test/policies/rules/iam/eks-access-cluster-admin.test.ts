import { UNKNOWN } from "../../../../policies/testing";
import { eksAccessClusterAdmin } from "../../../../policies/rules/iam/eks-access-cluster-admin";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const ASSOCIATION = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation";
const OPS = "arn:aws:iam::111122223333:role/ops";
const policyArn = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy";

describeRule(eksAccessClusterAdmin, {
  good: {
    "one who is named": put("association", ASSOCIATION, {
      principalArn: OPS,
      policyArn,
      accessScope: { type: "cluster" },
    }),
  },
  bad: {
    "another role": put("association", ASSOCIATION, {
      principalArn: "arn:aws:iam::111122223333:role/team",
      policyArn,
      accessScope: { type: "cluster" },
    }),
    "a user": put("association", ASSOCIATION, {
      principalArn: "arn:aws:iam::111122223333:user/anna",
      policyArn,
      accessScope: { type: "cluster" },
    }),
  },
  partial: {
    "in one namespace": put("association", ASSOCIATION, {
      principalArn: "arn:aws:iam::111122223333:role/team",
      policyArn,
      accessScope: { type: "namespace", namespaces: ["team"] },
    }),
  },
  wrongType: {
    "a list of principals": put("association", ASSOCIATION, {
      principalArn: [OPS],
      policyArn,
      accessScope: { type: "cluster" },
    }),
  },
  unknown: {
    principal: put("association", ASSOCIATION, {
      principalArn: UNKNOWN,
      policyArn,
      accessScope: { type: "cluster" },
    }),
  },
  config: { administrators: [OPS] },
});
