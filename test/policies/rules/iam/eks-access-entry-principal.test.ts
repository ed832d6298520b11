import { UNKNOWN } from "../../../../policies/testing";
import { eksAccessEntryPrincipal } from "../../../../policies/rules/iam/eks-access-entry-principal";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const ENTRY = "aws:eks/accessEntry:AccessEntry";
const ASSOCIATION = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation";
const role = "arn:aws:iam::111122223333:role/ops";

describeRule(eksAccessEntryPrincipal, {
  good: { role: put("entry", ENTRY, { principalArn: role, kubernetesGroups: ["viewers"] }) },
  bad: {
    account: put("entry", ENTRY, { principalArn: "arn:aws:iam::111122223333:root" }),
    wildcard: put("association", ASSOCIATION, {
      principalArn: "arn:aws:iam::111122223333:role/*",
      policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
      accessScope: { type: "cluster" },
    }),
    masters: put("entry", ENTRY, { principalArn: role, kubernetesGroups: ["system:masters"] }),
  },
  partial: {
    "masters among others": put("entry", ENTRY, {
      principalArn: role,
      kubernetesGroups: [UNKNOWN, "system:masters"],
    }),
  },
  wrongType: {
    "a group that is no list": put("entry", ENTRY, {
      principalArn: role,
      kubernetesGroups: "system:masters",
    }),
  },
  unknown: {
    principal: put("entry", ENTRY, { principalArn: UNKNOWN }),
    groups: put("entry", ENTRY, { principalArn: role, kubernetesGroups: UNKNOWN }),
    "one group": put("entry", ENTRY, { principalArn: role, kubernetesGroups: [UNKNOWN] }),
  },
});
