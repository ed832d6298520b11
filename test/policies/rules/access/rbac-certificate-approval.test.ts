import { UNKNOWN } from "../../../../policies/testing";
import { rbacCertificateApproval } from "../../../../policies/rules/access/rbac-certificate-approval";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const rule = (resources: unknown, verbs: unknown) =>
  set("role", "rules", [{ apiGroups: ["certificates.k8s.io"], resources, verbs }]);

describeRule(rbacCertificateApproval, {
  good: { reading: rule(["certificatesigningrequests"], ["get", "create"]) },
  bad: {
    approval: rule(["certificatesigningrequests/approval"], ["update"]),
    "a signer": rule(["signers"], ["approve"]),
  },
  partial: {
    "one of two": rule(["certificatesigningrequests", "certificatesigningrequests/approval"], ["patch"]),
  },
  notJudged: { "resources are a text": rule("certificatesigningrequests/approval", ["update"]) },
  unknown: { resource: rule([UNKNOWN], ["update"]) },
});
