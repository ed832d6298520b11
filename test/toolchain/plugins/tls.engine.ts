import assert from "node:assert";
import { X509Certificate } from "node:crypto";
import { withWorkspace } from "../../support/engine";

const PACK = {
  "pack/PulumiPolicy.yaml": "runtime: {name: nodejs, options: {typescript: false}}\nmain: index.js\n",
  "pack/package.json": JSON.stringify({ name: "pack", version: "0.0.1", main: "index.js" }),
  "pack/index.js": `
    const { PolicyPack } = require("@pulumi/policy");
    new PolicyPack("keys", { policies: [{
      name: "no-rsa",
      description: "Keys are elliptic.",
      enforcementLevel: "mandatory",
      validateResource: (resource, report) => {
        if (resource.props.algorithm === "RSA") report("This key is RSA.");
      },
    }] });`,
};

const program = (algorithm: string, hours: number) => `
  const tls = require("@pulumi/tls");
  const caKey = new tls.PrivateKey("ca-key", { algorithm: "${algorithm}", ecdsaCurve: "P256" });
  const ca = new tls.SelfSignedCert("ca", {
    privateKeyPem: caKey.privateKeyPem, subject: { commonName: "CA" }, isCaCertificate: true,
    allowedUses: ["cert_signing"], validityPeriodHours: ${hours},
  });
  const key = new tls.PrivateKey("key", { algorithm: "ECDSA", ecdsaCurve: "P256" });
  const request = new tls.CertRequest("request", { privateKeyPem: key.privateKeyPem, dnsNames: ["localhost"] });
  const cert = new tls.LocallySignedCert("cert", {
    certRequestPem: request.certRequestPem, caCertPem: ca.certPem, caPrivateKeyPem: caKey.privateKeyPem,
    allowedUses: ["server_auth"], validityPeriodHours: 24,
  });
  exports.ca = ca.certPem;
  exports.cert = cert.certPem;
  exports.key = key.privateKeyPem;
  exports.publicKey = tls.getPublicKeyOutput({ privateKeyPem: key.privateKeyPem }).publicKeyPem;
`;

describe("tls plugin under the engine", function () {
  this.timeout(180_000);

  it("previews, creates, keeps, refreshes, replaces and destroys keys and certificates", async () => {
    const options = { policyPacks: ["pack"], files: PACK };
    await withWorkspace(
      program("ECDSA", 100),
      async (workspace) => {
        const preview = await workspace.preview();
        assert.strictEqual(preview.code, 0, preview.stdout + preview.stderr);
        assert.deepStrictEqual(preview.changes, { create: 6 });
        assert.doesNotMatch(preview.stdout + preview.stderr, /warning/i);

        const up = await workspace.up();
        assert.strictEqual(up.code, 0, up.stdout + up.stderr);
        const outputs = (await workspace.outputs()) as { [name: string]: string };
        const [ca, cert] = [new X509Certificate(outputs.ca ?? ""), new X509Certificate(outputs.cert ?? "")];
        assert.ok(cert.checkIssued(ca) && cert.verify(ca.publicKey));
        assert.strictEqual(cert.publicKey.export({ type: "spki", format: "pem" }), outputs.publicKey);

        // Neither the PEM headers nor the key's own digits are on disk.
        const state = await workspace.stateText();
        assert.doesNotMatch(state, /PRIVATE KEY/);
        assert.ok(!state.includes((outputs.key ?? "").split("\n")[1] ?? ""));
        assert.doesNotMatch(up.stdout, /PRIVATE KEY/);

        assert.deepStrictEqual((await workspace.up()).changes, { same: 6 });
        assert.deepStrictEqual((await workspace.refresh()).changes, { same: 6 });

        await workspace.writeProgram(program("ECDSA", 200));
        const replaced = (await workspace.preview()).steps.filter(({ op }) => op === "replace");
        // The authority's certificate changes, and what it signed with it; the keys stay.
        assert.deepStrictEqual(replaced.map(({ name }) => name).sort(), ["ca", "cert"]);
        const detail = replaced.find(({ name }) => name === "ca")?.detailedDiff;
        assert.deepStrictEqual(detail?.validityPeriodHours?.diffKind, "update-replace");

        const destroyed = await workspace.destroy();
        assert.deepStrictEqual([destroyed.code, destroyed.changes], [0, { delete: 6 }]);
      },
      options,
    );
  });

  it("is stopped by a policy pack before anything is made", async () => {
    const options = { policyPacks: ["pack"], files: PACK };
    await withWorkspace(
      program("RSA", 100),
      async (workspace) => {
        const preview = await workspace.preview();
        assert.notStrictEqual(preview.code, 0);
        const [violation, ...others] = preview.violations;
        assert.deepStrictEqual(others, []);
        assert.strictEqual(violation?.policy, "no-rsa");
        assert.strictEqual(violation.enforcement, "mandatory");
        assert.match(violation.message, /This key is RSA\./);
      },
      options,
    );
  });
});
