import { UNKNOWN } from "../../../../policies/testing";
import { gatewayCipherSuites } from "../../../../policies/rules/traffic/gateway-cipher-suites";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const ciphers = (...list: unknown[]) => set("clientTraffic", "spec.tls.ciphers", list);

describeRule(gatewayCipherSuites, {
  good: {
    strong: ciphers(
      "ECDHE-ECDSA-AES128-GCM-SHA256",
      "ECDHE-RSA-AES256-GCM-SHA384",
      "ECDHE-RSA-CHACHA20-POLY1305",
    ),
    "as Envoy groups them": ciphers("[ECDHE-ECDSA-AES128-GCM-SHA256|ECDHE-ECDSA-CHACHA20-POLY1305]"),
    "IANA's names": ciphers("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"),
  },
  bad: {
    "without forward secrecy": ciphers("AES128-GCM-SHA256"),
    "CBC mode": ciphers("ECDHE-RSA-AES128-SHA"),
    "three times DES": ciphers("DES-CBC3-SHA"),
    "to backends": set("envoy", "spec.backendTLS.ciphers", ["AES256-SHA"]),
  },
  partial: {
    "one of two": ciphers("ECDHE-RSA-AES256-GCM-SHA384", "RC4-SHA"),
    "one of a group": ciphers("[ECDHE-RSA-AES256-GCM-SHA384|AES256-SHA]"),
  },
  notJudged: { text: set("clientTraffic", "spec.tls.ciphers", "RC4-SHA") },
  unknown: { suite: ciphers(UNKNOWN), list: set("clientTraffic", "spec.tls.ciphers", UNKNOWN) },
});
