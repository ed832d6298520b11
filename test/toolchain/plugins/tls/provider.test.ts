import assert from "node:assert";
import { hasSecret, hasUnknown, isSecret, Secret, UNKNOWN } from "../../../../toolchain/plugins/shared";
import type { Properties } from "../../../../toolchain/plugins/shared";
import { TlsProvider } from "../../../../toolchain/plugins/tls/provider";

const PRIVATE_KEY = "tls:index/privateKey:PrivateKey";
const SELF_SIGNED = "tls:index/selfSignedCert:SelfSignedCert";
const quiet = { debug() {}, info() {}, warn() {}, error() {}, status() {} };
const context = { signal: new AbortController().signal, log: quiet };
const about = (type: string) => ({ ...context, urn: "", name: "x", type });

const certificate: Properties = {
  privateKeyPem: new Secret("-----BEGIN PRIVATE KEY-----"),
  allowedUses: ["server_auth"],
  validityPeriodHours: 10,
};

function check(type: string, newInputs: Properties) {
  const provider = new TlsProvider("0.0.0");
  return provider.check({ ...about(type), oldInputs: {}, newInputs, randomSeed: new Uint8Array() });
}

describe("TlsProvider", () => {
  describe("check", () => {
    const cases: [string, Properties, string, string][] = [
      [PRIVATE_KEY, {}, "algorithm", "`algorithm` is required."],
      [
        PRIVATE_KEY,
        { algorithm: "DSA" },
        "algorithm",
        '`algorithm` ("DSA") must be one of RSA, ECDSA, ED25519.',
      ],
      [
        PRIVATE_KEY,
        { algorithm: "ECDSA", ecdsaCurve: "P128" },
        "ecdsaCurve",
        '`ecdsaCurve` ("P128") must be one of P224, P256, P384, P521.',
      ],
      [PRIVATE_KEY, { algorithm: "RSA", rsaBits: 8 }, "rsaBits", "`rsaBits` (8) must be at least 1024."],
      [
        SELF_SIGNED,
        { ...certificate, validityPeriodHours: -1 },
        "validityPeriodHours",
        "`validityPeriodHours` (-1) must be at least 0.",
      ],
      [
        SELF_SIGNED,
        { ...certificate, ipAddresses: ["localhost"] },
        "ipAddresses",
        '`ipAddresses` ("localhost") must hold IP addresses only.',
      ],
      [
        SELF_SIGNED,
        { ...certificate, privateKeyPem: undefined },
        "privateKeyPem",
        "`privateKeyPem` is required.",
      ],
    ];
    for (const [type, inputs, property, reason] of cases) {
      it(`says: ${reason}`, async () => {
        assert.deepStrictEqual((await check(type, inputs)).failures, [{ property, reason }]);
      });
    }

    it("names a use that is none", async () => {
      const { failures = [] } = await check(SELF_SIGNED, { ...certificate, allowedUses: ["serverAuth"] });
      assert.match(
        failures[0]?.reason ?? "",
        /^`allowedUses` \("serverAuth"\) must be among digital_signature, /,
      );
    });

    it("leaves alone what is not known yet", async () => {
      const inputs = {
        ...certificate,
        privateKeyPem: UNKNOWN,
        allowedUses: UNKNOWN,
        validityPeriodHours: UNKNOWN,
      };
      assert.deepStrictEqual(await check(SELF_SIGNED, inputs), { inputs, failures: [] });
    });
  });

  describe("create", () => {
    it("previews with unknown outputs, the secret ones marked", async () => {
      const provider = new TlsProvider("0.0.0");
      const request = {
        ...about(PRIVATE_KEY),
        inputs: { algorithm: "ED25519" },
        preview: true,
        timeoutSeconds: 0,
      };
      const { id, outputs } = await provider.create(request);
      assert.strictEqual(id, "");
      assert.deepStrictEqual(outputs.privateKeyPem, new Secret(UNKNOWN));
      assert.deepStrictEqual(outputs.publicKeyPem, UNKNOWN);
      assert.deepStrictEqual(
        [outputs.algorithm, outputs.ecdsaCurve, outputs.rsaBits],
        ["ED25519", "P224", 2048],
      );
    });

    it("marks every private key as secret and nothing else", async () => {
      const provider = new TlsProvider("0.0.0");
      const request = {
        ...about(PRIVATE_KEY),
        inputs: { algorithm: "ED25519" },
        preview: false,
        timeoutSeconds: 0,
      };
      const { outputs } = await provider.create(request);
      const secret = Object.keys(outputs).filter((name) => hasSecret(outputs[name]));
      assert.deepStrictEqual(secret.sort(), ["privateKeyOpenssh", "privateKeyPem", "privateKeyPemPkcs8"]);
      assert.strictEqual(hasUnknown(outputs), false);
    });

    it("never keeps a write-only key", async () => {
      const provider = new TlsProvider("0.0.0");
      const key = await provider.create({
        ...about(PRIVATE_KEY),
        inputs: { algorithm: "ED25519" },
        preview: false,
        timeoutSeconds: 0,
      });
      const { privateKeyPem, ...rest } = certificate;
      assert.ok(isSecret(privateKeyPem));
      const inputs = { ...rest, privateKeyPemWo: key.outputs.privateKeyPem, privateKeyPemWoVersion: 1 };
      const made = await provider.create({
        ...about(SELF_SIGNED),
        inputs,
        preview: false,
        timeoutSeconds: 0,
      });
      assert.strictEqual("privateKeyPemWo" in made.outputs, false);
      assert.strictEqual(made.outputs.keyAlgorithm, "ED25519");
    });
  });

  describe("diff", () => {
    const HOUR_MS = 60 * 60 * 1000;
    const outputs = { ...certificate, validityEndTime: "2030-01-01T00:00:00Z", earlyRenewalHours: 0 };

    async function kinds(newInputs: Properties, now = "2029-01-01T00:00:00Z") {
      const provider = new TlsProvider("0.0.0", () => new Date(now));
      const { changes, detailed = {} } = await provider.diff({
        ...about(SELF_SIGNED),
        id: "1",
        oldInputs: certificate,
        oldOutputs: outputs,
        newInputs,
        ignoreChanges: [],
      });
      assert.strictEqual(changes, Object.keys(detailed).length > 0);
      return Object.fromEntries(Object.entries(detailed).map(([path, { kind }]) => [path, kind]));
    }

    it("finds nothing where nothing changed, or a default was written out", async () => {
      assert.deepStrictEqual(await kinds(certificate), {});
      assert.deepStrictEqual(await kinds({ ...certificate, isCaCertificate: false }), {});
    });

    it("replaces on any change but that of the early renewal", async () => {
      assert.deepStrictEqual(await kinds({ ...certificate, validityPeriodHours: 11 }), {
        validityPeriodHours: "update-replace",
      });
      assert.deepStrictEqual(await kinds({ ...certificate, privateKeyPem: UNKNOWN }), {
        privateKeyPem: "update-replace",
      });
      assert.deepStrictEqual(await kinds({ ...certificate, earlyRenewalHours: 5 }), {
        earlyRenewalHours: "update",
      });
    });

    it("replaces a certificate when its early renewal begins", async () => {
      const inputs = { ...certificate, earlyRenewalHours: 2 };
      const end = Date.parse(outputs.validityEndTime);
      const before = new Date(end - 2 * HOUR_MS - 1000).toISOString();
      assert.deepStrictEqual(await kinds(inputs, before), { earlyRenewalHours: "update" });
      const after = new Date(end - 2 * HOUR_MS).toISOString();
      assert.strictEqual((await kinds(inputs, after)).readyForRenewal, "update-replace");
    });
  });

  it("refuses an import", async () => {
    const provider = new TlsProvider("0.0.0");
    const request = { ...about(PRIVATE_KEY), id: "x", inputs: {}, outputs: {}, timeoutSeconds: 0 };
    await assert.rejects(provider.read(request), {
      message: `A ${PRIVATE_KEY} cannot be imported: it exists nowhere but in the state of a stack.`,
    });
  });
});
