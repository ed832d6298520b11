import assert from "node:assert";
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { keySetOf } from "../../../components/internal/jwks";

describe("keySetOf", () => {
  const pem = (type: "ec" | "rsa", options: object): string =>
    (
      generateKeyPairSync as (
        type: string,
        options: object,
      ) => { publicKey: { export(format: object): string } }
    )(type, options).publicKey.export({ type: "spki", format: "pem" });

  it("holds the public key and nothing of the private one", () => {
    const publicKey = pem("ec", { namedCurve: "P-256" });
    const { jwks, keyId } = keySetOf(publicKey);
    const { keys } = JSON.parse(jwks) as { keys: Record<string, string>[] };
    assert.equal(keys.length, 1);
    assert.deepEqual(Object.keys(keys[0]!).sort(), ["alg", "crv", "kid", "kty", "use", "x", "y"]);
    assert.equal(keys[0]!.kid, keyId);
    const again = createPublicKey({ key: keys[0]!, format: "jwk" }).export({ type: "spki", format: "pem" });
    assert.equal(again, publicKey);
  });

  it("names the key by its RFC 7638 thumbprint", async () => {
    const { calculateJwkThumbprint } = await import("jose");
    const { jwks, keyId } = keySetOf(pem("ec", { namedCurve: "P-256" }));
    const [key] = (JSON.parse(jwks) as { keys: Record<string, string>[] }).keys;
    assert.equal(keyId, await calculateJwkThumbprint(key!));
  });

  it("refuses keys that ES256 cannot use", () => {
    assert.throws(() => keySetOf(pem("ec", { namedCurve: "P-384" })), {
      message: "the token key must be an ECDSA P-256 key, got EC P-384",
    });
    assert.throws(() => keySetOf(pem("rsa", { modulusLength: 2048 })), /got RSA/);
  });
});
