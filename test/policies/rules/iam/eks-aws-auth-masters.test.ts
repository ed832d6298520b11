import { UNKNOWN } from "../../../../policies/testing";
import { eksAwsAuthMasters } from "../../../../policies/rules/iam/eks-aws-auth-masters";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const MAP = "kubernetes:core/v1:ConfigMap";
const metadata = { name: "aws-auth", namespace: "kube-system" };
const masters = "- rolearn: arn:aws:iam::111122223333:role/ops\n  groups:\n    - system:masters\n";

describeRule(eksAwsAuthMasters, {
  good: {
    "nodes only": put("auth", MAP, {
      metadata,
      data: { mapRoles: "- rolearn: arn:aws:iam::111122223333:role/nodes\n  groups: [system:nodes]\n" },
    }),
    "another map": put("auth", MAP, {
      metadata: { name: "aws-auth", namespace: "team" },
      data: { mapRoles: masters },
    }),
  },
  bad: {
    roles: put("auth", MAP, { metadata, data: { mapRoles: masters } }),
    users: put("auth", MAP, { metadata, data: { mapUsers: masters } }),
  },
  partial: {
    "one list of two": put("auth", MAP, {
      metadata,
      data: { mapRoles: "- groups: [system:nodes]", mapUsers: masters },
    }),
  },
  notJudged: {
    "a list instead of its text": put("auth", MAP, {
      metadata,
      data: { mapRoles: [{ groups: ["system:masters"] }] },
    }),
  },
  unknown: {
    roles: put("auth", MAP, { metadata, data: { mapRoles: UNKNOWN } }),
    data: put("auth", MAP, { metadata, data: UNKNOWN }),
  },
});
