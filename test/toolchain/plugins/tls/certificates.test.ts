import assert from "node:assert";
import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Properties, Provider, Value } from "../../../../toolchain/plugins/shared";
import { reveal } from "../../../../toolchain/plugins/shared";
import { TlsProvider } from "../../../../toolchain/plugins/tls/provider";

const run = promisify(execFile);
const never = new AbortController().signal;
const quiet = { debug() {}, info() {}, warn() {}, error() {}, status() {} };
const HOUR_MS = 60 * 60 * 1000;

async function create(
  provider: Provider,
  type: string,
  inputs: Properties,
): Promise<{ [name: string]: string }> {
  const request = { urn: "", name: "x", type, signal: never, log: quiet, timeoutSeconds: 0 };
  const { outputs } = await provider.create({ ...request, inputs, preview: false });
  return reveal(outputs) as { [name: string]: string };
}

const provider = new TlsProvider("0.0.0");
const privateKey = (inputs: Properties) => create(provider, "tls:index/privateKey:PrivateKey", inputs);

interface Chain {
  readonly ca: string;
  readonly cert: string;
  readonly request: string;
}

async function chain(keyInputs: Properties, more: Properties = {}): Promise<Chain> {
  const caKey = await privateKey(keyInputs);
  const ca = await create(provider, "tls:index/selfSignedCert:SelfSignedCert", {
    privateKeyPem: caKey.privateKeyPem,
    subject: { commonName: "Test CA", organization: "Größe & Co", country: "DE" },
    isCaCertificate: true,
    maxPathLength: 0,
    setAuthorityKeyId: true,
    allowedUses: ["cert_signing", "crl_signing"],
    validityPeriodHours: 24,
  });
  const key = await privateKey(keyInputs);
  const request = await create(provider, "tls:index/certRequest:CertRequest", {
    privateKeyPem: key.privateKeyPem,
    subject: { commonName: "localhost" },
    dnsNames: ["localhost", "*.example.test"],
    ipAddresses: ["127.0.0.1", "::1"],
    uris: ["spiffe://test/a"],
  });
  const cert = await create(provider, "tls:index/locallySignedCert:LocallySignedCert", {
    certRequestPem: request.certRequestPem,
    caCertPem: ca.certPem,
    caPrivateKeyPem: caKey.privateKeyPem,
    allowedUses: ["digital_signature", "key_encipherment", "server_auth", "client_auth"],
    validityPeriodHours: 12,
    ...more,
  });
  return { ca: ca.certPem ?? "", cert: cert.certPem ?? "", request: request.certRequestPem ?? "" };
}

const KEYS: [string, Properties][] = [
  ["ECDSA P-224", { algorithm: "ECDSA" }],
  ["ECDSA P-256", { algorithm: "ECDSA", ecdsaCurve: "P256" }],
  ["ECDSA P-384", { algorithm: "ECDSA", ecdsaCurve: "P384" }],
  ["ECDSA P-521", { algorithm: "ECDSA", ecdsaCurve: "P521" }],
  ["RSA", { algorithm: "RSA", rsaBits: 2048 }],
  ["Ed25519", { algorithm: "ED25519" }],
];

describe("certificates", () => {
  for (const [title, keyInputs] of KEYS) {
    it(`with ${title} keys chain up, as node and openssl see it`, async () => {
      const { ca, cert, request } = await chain(keyInputs);
      const [root, leaf] = [new X509Certificate(ca), new X509Certificate(cert)];
      assert.ok(root.verify(root.publicKey) && leaf.verify(root.publicKey) && leaf.checkIssued(root));
      assert.deepStrictEqual([root.ca, leaf.ca], [true, false]);
      assert.strictEqual(leaf.checkHost("a.example.test"), "*.example.test");
      assert.strictEqual(leaf.checkIP("::1"), "::1");
      assert.strictEqual(leaf.subject, "CN=localhost");
      assert.strictEqual(root.subject, "C=DE\nO=Größe & Co\nCN=Test CA");
      const folder = await mkdtemp(join(tmpdir(), "slipway-tls-"));
      try {
        const [caFile, certFile, requestFile] = ["ca", "cert", "request"].map((name) => join(folder, name));
        await Promise.all([
          writeFile(caFile!, ca),
          writeFile(certFile!, cert),
          writeFile(requestFile!, request),
        ]);
        const strict = ["verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", caFile!, certFile!];
        assert.match((await run("openssl", strict)).stdout, /: OK\n$/);
        const verified = await run("openssl", ["req", "-verify", "-noout", "-in", requestFile!]);
        assert.match(verified.stdout + verified.stderr, /verify OK/);
        const { stdout } = await run("openssl", ["x509", "-noout", "-text", "-in", certFile!]);
        assert.match(stdout, /Key Usage: critical\s+Digital Signature, Key Encipherment\n/);
        assert.match(stdout, /TLS Web Server Authentication, TLS Web Client Authentication\n/);
        assert.match(stdout, /URI:spiffe:\/\/test\/a/);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
  }

  it("last as long as the program says, from now on", async () => {
    const before = Date.now();
    const { cert } = await chain({ algorithm: "ED25519" });
    const { validFrom, validTo } = new X509Certificate(cert);
    const [from, to] = [Date.parse(validFrom), Date.parse(validTo)];
    assert.ok(Math.abs(from - before) < 10_000, validFrom);
    assert.strictEqual(to - from, 12 * HOUR_MS);
  });

  it("may be valid beyond 2049", async () => {
    const { cert } = await chain({ algorithm: "ED25519" }, { validityPeriodHours: 24 * 365 * 40 });
    assert.ok(new Date(new X509Certificate(cert).validTo).getUTCFullYear() > 2049);
  });

  it("refuse a key that is not the CA's", async () => {
    const other = await privateKey({ algorithm: "ED25519" });
    await assert.rejects(chain({ algorithm: "ED25519" }, { caPrivateKeyPem: other.privateKeyPem as Value }), {
      message: "`caPrivateKeyPem` is not the key of the certificate in `caCertPem`.",
    });
  });

  it("refuse what is no request", async () => {
    await assert.rejects(chain({ algorithm: "ED25519" }, { certRequestPem: "x" }), {
      message: '`certRequestPem` must hold a PEM block "CERTIFICATE REQUEST".',
    });
  });
});
