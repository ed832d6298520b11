import { UNKNOWN } from "../../../../policies/testing";
import { certificateDuration } from "../../../../policies/rules/traffic/certificate-duration";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const certificate = (spec: Record<string, unknown>) =>
  put("certificate", "kubernetes:cert-manager.io/v1:Certificate", {
    metadata: { name: "tls", namespace: "team" },
    spec: { secretName: "tls", issuerRef: { name: "ca" }, ...spec },
  });

describeRule(certificateDuration, {
  good: {
    "ninety days": certificate({ duration: "2160h0m0s" }),
    "left out": certificate({}),
    "an authority": certificate({ isCA: true, duration: "87600h" }),
  },
  bad: { "ten years": certificate({ duration: "87600h" }) },
  partial: { "a minute too long": certificate({ duration: "9552h1m" }) },
  notJudged: {
    number: certificate({ duration: 87600 }),
    "no duration": certificate({ duration: "ten years" }),
  },
  unknown: { duration: certificate({ duration: UNKNOWN }) },
});
