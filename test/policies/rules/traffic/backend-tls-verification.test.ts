import { UNKNOWN } from "../../../../policies/testing";
import { backendTlsVerification } from "../../../../policies/rules/traffic/backend-tls-verification";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

describeRule(backendTlsVerification, {
  good: { off: set("backend", "spec.tls.insecureSkipVerify", false) },
  bad: { skipped: set("backend", "spec.tls", { insecureSkipVerify: true }) },
  partial: { "beside a certificate": set("backend", "spec.tls.insecureSkipVerify", true) },
  wrongType: { text: set("backend", "spec.tls.insecureSkipVerify", "true") },
  unknown: { switch: set("backend", "spec.tls.insecureSkipVerify", UNKNOWN) },
});
