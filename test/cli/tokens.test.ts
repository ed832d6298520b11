import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jwtVerify } from "jose";
import { mintToken } from "../../cli/tokens";

describe("mintToken", () => {
  const dir = mkdtempSync(join(tmpdir(), "slipway-token-"));
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const session = { tokenKey: join(dir, "key.pem"), tokenKeyId: "k1", tokenIssuer: "https://issuer.test" };
  before(() => writeFileSync(session.tokenKey, privateKey.export({ type: "pkcs8", format: "pem" })));
  after(() => rmSync(dir, { recursive: true }));

  it("signs the claims that the contract names", async () => {
    const token = await mintToken(session, { subject: "ana", scopes: ["infer", "metrics"], ttl: "10m" });
    const { payload, protectedHeader } = await jwtVerify(token, publicKey, {
      issuer: "https://issuer.test",
      audience: "slipway",
      algorithms: ["ES256"],
    });
    assert.equal(protectedHeader.kid, "k1");
    assert.equal(payload.sub, "ana");
    assert.equal(payload.scope, "infer metrics");
    assert.equal(payload.exp! - payload.iat!, 600);
  });

  it("is refused under another key", async () => {
    const token = await mintToken(session, { subject: "ana", scopes: ["infer"], ttl: "10m" });
    const other = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey;
    await assert.rejects(jwtVerify(token, other), { code: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED" });
  });
});
