import type { ResourceRule } from "../../model/rule";

/** Forward secrecy and authenticated encryption, in OpenSSL's and in IANA's spelling; TLS 1.3 has no others. */
const STRONG =
  /^(?:TLS_)?(?:ECDHE[-_](?:ECDSA|RSA)[-_])(?:WITH[-_])?(?:AES[-_]?(?:128|256)[-_]GCM[-_]SHA(?:256|384)|CHACHA20[-_]POLY1305(?:[-_]SHA256)?)$/;
const TLS_13 = /^TLS_(?:AES_(?:128|256)_GCM_SHA(?:256|384)|CHACHA20_POLY1305_SHA256)$/;

function isStrong(suite: string): boolean {
  // Envoy takes alternatives of equal preference in brackets: [A|B].
  return suite
    .replace(/^\[(.*)\]$/, "$1")
    .split("|")
    .every((name) => STRONG.test(name) || TLS_13.test(name));
}

export const gatewayCipherSuites: ResourceRule = {
  id: "gateway-cipher-suites",
  title: "The gateway offers strong cipher suites only",
  severity: "high",
  description:
    "Suites without ECDHE give old recordings away with the key, and those in CBC mode have been broken again and again. Left out, Envoy's own list has neither.",
  remediation:
    'spec: { tls: { ciphers: ["ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384"] } } // or leave it out',
  types: [
    "kubernetes:gateway.envoyproxy.io/*:ClientTrafficPolicy",
    "kubernetes:gateway.envoyproxy.io/*:EnvoyProxy",
  ],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    for (const path of [
      ["spec", "tls", "ciphers"],
      ["spec", "backendTLS", "ciphers"],
    ]) {
      verdict.judge(subject, () => {
        const weak = subject.fields
          .get(...path)
          .strings()
          .filter((suite) => !isStrong(suite));
        if (weak.length > 0)
          verdict.fail(subject, `must not offer ${weak.join(", ")} in \`${path.join(".")}\`.`);
      });
    }
  },
};
