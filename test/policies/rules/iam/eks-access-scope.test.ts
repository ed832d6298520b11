import { UNKNOWN } from "../../../../policies/testing";
import { eksAccessScope } from "../../../../policies/rules/iam/eks-access-scope";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const ASSOCIATION = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation";
const role = "arn:aws:iam::111122223333:role/team";
const policy = (name: string) => `arn:aws:eks::aws:cluster-access-policy/AmazonEKS${name}Policy`;

describeRule(eksAccessScope, {
  good: {
    namespace: put("association", ASSOCIATION, {
      principalArn: role,
      policyArn: policy("Edit"),
      accessScope: { type: "namespace", namespaces: ["team"] },
    }),
    "reading all": put("association", ASSOCIATION, {
      principalArn: role,
      policyArn: policy("View"),
      accessScope: { type: "cluster" },
    }),
  },
  bad: {
    cluster: put("association", ASSOCIATION, {
      principalArn: role,
      policyArn: policy("Admin"),
      accessScope: { type: "cluster" },
    }),
  },
  partial: {
    "no namespaces": put("association", ASSOCIATION, {
      principalArn: role,
      policyArn: policy("Edit"),
      accessScope: { type: "namespace", namespaces: [] },
    }),
    "every namespace": put("association", ASSOCIATION, {
      principalArn: role,
      policyArn: policy("Edit"),
      accessScope: { type: "namespace", namespaces: ["*"] },
    }),
  },
  wrongType: {
    text: put("association", ASSOCIATION, {
      principalArn: role,
      policyArn: policy("Edit"),
      accessScope: "namespace",
    }),
  },
  unknown: {
    scope: put("association", ASSOCIATION, {
      principalArn: role,
      policyArn: policy("Edit"),
      accessScope: UNKNOWN,
    }),
  },
});
