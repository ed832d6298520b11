import assert from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import {
  ApiGateway,
  CertificateAuthority,
  TokenAuthority,
  type CertificateSettings,
} from "../../../components";
import { resolveGateway } from "../../../components/traffic/gateway-settings";
import { declare, type Declaration } from "../support/declared";

function gateway(certificate: CertificateSettings): () => ApiGateway {
  return () =>
    new ApiGateway("front", {
      namespace: "ns",
      host: "models.example.com",
      serviceNames: ["text"],
      authority: new CertificateAuthority("authority"),
      tokens: new TokenAuthority("tokens", { issuer: "https://issuer.example" }),
      certificate,
    });
}

const secretOf = (declared: Declaration) =>
  declared.object("Gateway", "front").spec.listeners[0].tls.certificateRefs[0].name;
const ownCertificates = (declared: Declaration) =>
  declared.resources.filter(({ name }) => name.startsWith("front-tls"));

describe("the gateway's certificate", () => {
  it("is the authority's where nothing else is said", async () => {
    const declared = await declare(gateway({}));
    assert.equal(secretOf(declared), "front-tls-chosen");
  });

  it("can be in an existing Secret, and then none is made", async () => {
    const declared = await declare(gateway({ secretName: pulumi.output("wildcard-tls") }));
    assert.equal(secretOf(declared), "wildcard-tls");
    assert.deepEqual(ownCertificates(declared), []);
  });

  it("can be cert-manager's, with a new key each time, and the listener waits for it", async () => {
    const declared = await declare(gateway({ certManager: { issuerName: "letsencrypt" } }), ["Certificate"]);
    const { metadata, spec } = declared.object("Certificate", "front-certificate");
    assert.equal(metadata.annotations["pulumi.com/waitFor"], "condition=Ready");
    assert.deepEqual(spec, {
      secretName: "front-certificate",
      dnsNames: ["models.example.com", "*.models.example.com", "text.models.example.com"],
      issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: "letsencrypt" },
      privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
      duration: "2160h0m0s",
      renewBefore: "720h0m0s",
      usages: ["digital signature", "server auth"],
      revisionHistoryLimit: 1,
    });
    assert.equal(secretOf(declared), "front-certificate");
    assert.deepEqual(ownCertificates(declared), []);
    const kinds = declared.resources.map(({ inputs }) => inputs.kind as string | undefined);
    assert.ok(kinds.indexOf("Certificate") < kinds.indexOf("Gateway"));
  });

  it("can have another issuer, key and life", async () => {
    const declared = await declare(
      gateway({
        certManager: {
          issuerName: "vault",
          issuerKind: "Issuer",
          keyAlgorithm: "RSA",
          durationHours: 48,
          renewBeforeHours: 16,
        },
      }),
    );
    const { spec } = declared.object("Certificate", "front-certificate");
    assert.deepEqual(spec.issuerRef, { group: "cert-manager.io", kind: "Issuer", name: "vault" });
    assert.deepEqual(spec.privateKey, { algorithm: "RSA", size: 2048, rotationPolicy: "Always" });
    assert.deepEqual([spec.duration, spec.renewBefore], ["48h0m0s", "16h0m0s"]);
  });

  const wrong: [string, CertificateSettings, string][] = [
    [
      "two at once",
      { secretName: "tls", certManager: { issuerName: "a" } },
      "`certificate`: secretName and certManager exclude each other; name one",
    ],
    ["no name", { secretName: "" }, '`certificate.secretName`: "" must be the name of a Secret'],
    [
      "an ARN of something else",
      { acmArn: "arn:aws:iam::123456789012:server-certificate/x" },
      '`certificate.acmArn`: "arn:aws:iam::123456789012:server-certificate/x" must be as in "arn:aws:acm:eu-central-1:123456789012:certificate/…"; ' +
        "`certificate.acmArn`: is used by a load balancer of AWS' alone: needs `loadBalancer`",
    ],
    [
      "every setting of cert-manager's at once",
      {
        certManager: {
          issuerName: "A B",
          issuerKind: "AnyIssuer" as "Issuer",
          keyAlgorithm: "DSA" as "RSA",
          durationHours: 0,
          renewBeforeHours: 24,
        },
      },
      '`certificate.certManager.issuerName`: "A B" must be the name of an issuer; ' +
        '`certificate.certManager.issuerKind`: "AnyIssuer" must be one of ClusterIssuer, Issuer; ' +
        '`certificate.certManager.keyAlgorithm`: "DSA" must be one of ECDSA, RSA; ' +
        "`certificate.certManager.durationHours`: 0 must be a whole number >= 1; " +
        "`certificate.certManager.renewBeforeHours`: 24 must be a whole number >= 1 and less than `durationHours` (0)",
    ],
  ];
  for (const [what, certificate, message] of wrong) {
    it(`refuses ${what}`, () => {
      assert.throws(() => resolveGateway("front", { certificate }), {
        message: `ApiGateway "front": ${message}`,
      });
    });
  }
});
