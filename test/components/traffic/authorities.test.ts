import assert from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { CertificateAuthority, ServerCertificate, TokenAuthority } from "../../../components";
import { declare } from "../support/declared";

/** Value of an output, and whether it is a secret. */
async function reveal<T>(output: pulumi.Output<T>): Promise<{ value: T; secret: boolean }> {
  const value = await new Promise<T>((resolve) => output.apply((known) => resolve(known)));
  return { value, secret: await pulumi.isSecret(output) };
}

describe("authorities", () => {
  it("keep private keys secret", async () => {
    let authority!: CertificateAuthority;
    let tokens!: TokenAuthority;
    await declare(() => {
      authority = new CertificateAuthority("authority");
      tokens = new TokenAuthority("tokens", { issuer: "https://slipway.local" });
    });
    assert.ok((await reveal(authority.privateKeyPem)).secret);
    const key = await reveal(tokens.signingKeyPem);
    assert.ok(key.secret);
    assert.match(key.value, /^-----BEGIN PRIVATE KEY-----/);
    assert.ok(!(await reveal(tokens.jwks)).secret);
  });

  it("tell the gateway the key by which tokens are signed", async () => {
    let tokens!: TokenAuthority;
    await declare(() => {
      tokens = new TokenAuthority("tokens", { issuer: "https://slipway.local" });
    });
    const { SignJWT, createLocalJWKSet, importPKCS8, jwtVerify } = await import("jose");
    const key = await importPKCS8((await reveal(tokens.signingKeyPem)).value, "ES256");
    const token = await new SignJWT({ scope: "infer" })
      .setProtectedHeader({ alg: "ES256", kid: (await reveal(tokens.keyId)).value })
      .setAudience("slipway")
      .sign(key);
    const keySet = createLocalJWKSet(JSON.parse((await reveal(tokens.jwks)).value));
    const { payload } = await jwtVerify(token, keySet, { audience: "slipway" });
    assert.equal(payload.scope, "infer");
  });

  it("put a server's key and certificate into one Secret, as Kubernetes has them", async () => {
    const declared = await declare(() => {
      const authority = new CertificateAuthority("authority");
      new ServerCertificate("server", {
        authority,
        namespace: "ns",

        dnsNames: ["a.ns.svc"],
      });
    });
    const secret = declared.kind("Secret")[0]!.inputs;
    assert.equal(secret.type, "kubernetes.io/tls");
    const decode = (text: unknown) => Buffer.from(String(text), "base64").toString();
    const data = secret.data.value ?? secret.data;
    assert.equal(decode(data["tls.crt"]), "certificate server-certificate");
    const usages = declared.resources
      .filter((resource) => resource.inputs.allowedUses)
      .map((resource) => [resource.name, resource.inputs.allowedUses]);
    assert.deepEqual(usages, [
      ["authority-certificate", ["cert_signing", "crl_signing", "digital_signature"]],
      ["server-certificate", ["digital_signature", "server_auth"]],
    ]);
  });

  it("refuse what cannot be valid", async () => {
    await declare(() => {
      assert.throws(() => new CertificateAuthority("a", { validityDays: 90 }), {
        message:
          'CertificateAuthority "a": `validityDays`: 90 must be a whole number of days greater than 90',
      });
      assert.throws(() => new TokenAuthority("t", { issuer: "slipway" }), {
        message: 'TokenAuthority "t": `issuer`: "slipway" must be a URL, as in "https://slipway.local"',
      });
      const authority = new CertificateAuthority("b");
      assert.throws(() => new ServerCertificate("s", { authority, namespace: "n", dnsNames: [] }), {
        message: 'ServerCertificate "s": `dnsNames`: must name at least one host',
      });
    });
  });
});
