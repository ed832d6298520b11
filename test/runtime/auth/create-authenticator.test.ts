import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { join } from "node:path";
import pino from "pino";
import { hashOfKey } from "../../../runtime/auth/api-keys";
import { createAuthenticator, type AuthOptions } from "../../../runtime/auth/create-authenticator";
import { modelFolder } from "../support/model-folder";
import { credentials } from "../support/refusals";

const log = pino({ level: "silent" });

describe("createAuthenticator", () => {
  const off: AuthOptions = {
    jwtAlgorithms: ["ES256"],
    jwtClockSkew: 30,
    metricsAuth: false,
    tlsClientScopes: ["infer"],
  };
  const issued = { jwtIssuer: "i", jwtAudience: "a" };
  const rsa = (bits: number) =>
    generateKeyPairSync("rsa", { modulusLength: bits }).publicKey.export({ format: "jwk" });
  const secret = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  const dir = modelFolder({
    keys: `ci sha256:${hashOfKey("secret")} infer`,
    empty: "",
    "jwks.json": JSON.stringify({ keys: [rsa(2048), { kty: "AKP" }] }),
    "none.json": '{"keys":[]}',
    "list.json": "[]",
    "secret.json": JSON.stringify({ keys: [secret] }),
    "shared.json": '{"keys":[{"kty":"oct","k":"AAAA"}]}',
    "short.json": JSON.stringify({ keys: [rsa(1024)] }),
    "broken.json": '{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]}',
  });

  it("is none where nothing asks for credentials", () => {
    assert.equal(createAuthenticator(off, log), undefined);
  });

  it("reads the files at once", async () => {
    const authenticator = createAuthenticator(
      { ...off, ...issued, jwksFile: join(dir, "jwks.json"), apiKeysFile: join(dir, "keys") },
      log,
    )!;
    assert.equal((await authenticator.authorize(credentials({ apiKey: "secret" }), "infer")).subject, "ci");
    authenticator.close();
  });

  for (const [what, options, message] of [
    [
      "a key file that is missing",
      { apiKeysFile: "/none" },
      "`--api-keys-file` (/none) cannot be read: it does not exist.",
    ],
    [
      "a key file without keys",
      { apiKeysFile: join(dir, "empty") },
      `\`--api-keys-file\` (${dir}/empty) holds no key; \`slipway api-key\` makes one.`,
    ],
    [
      "keys of tokens without issuer",
      { jwksFile: join(dir, "jwks.json"), jwtAudience: "a" },
      "`--jwt-issuer` and `--jwt-audience` must be given with `--jwks-file`: a token that was issued for another service would be taken otherwise.",
    ],
    [
      "an issuer without keys",
      issued,
      "`--jwt-issuer` and `--jwt-audience` need `--jwks-file` or `--jwks-url`: without keys no token is checked.",
    ],
    [
      "two sources of keys",
      { ...issued, jwksFile: "a", jwksUrl: "https://b" },
      "`--jwks-file` and `--jwks-url` must not be given together.",
    ],
    [
      "keys over plain HTTP",
      { ...issued, jwksUrl: "http://issuer/keys" },
      "`--jwks-url` (http://issuer/keys) must be an https:// address, or an http:// one of this machine.",
    ],
    [
      "a shared key's algorithm",
      { ...issued, jwksFile: join(dir, "jwks.json"), jwtAlgorithms: ["RS256", "HS256"] },
      "`--jwt-algorithms` (RS256,HS256) must be some of ES256, ES384, ES512, RS256, RS384, RS512, PS256, PS384, PS512, EdDSA, Ed25519.",
    ],
    [
      "client certificates without TLS",
      { tlsClientCa: "ca.pem" },
      "`--tls-client-ca` needs `--tls-cert` and `--tls-key`: certificates are asked for within TLS.",
    ],
    [
      "an unknown scope",
      { tlsClientCa: "ca.pem", tlsCert: "c", tlsClientScopes: ["root"] },
      "`--tls-client-scopes` (root) must be some of infer, admin, metrics.",
    ],
    [
      "certificates that allow nothing",
      { tlsClientCa: "ca.pem", tlsCert: "c", tlsClientScopes: [] },
      "`--tls-client-scopes` must name a scope where certificates are the only credentials; nobody could do anything otherwise.",
    ],
    [
      "metrics that nobody could read",
      { metricsAuth: true },
      "`--metrics-auth` needs tokens (`--jwks-file` or `--jwks-url`), API keys (`--api-keys-file`), or certificates: `--metrics-tls` and `--tls-client-ca`, with metrics among `--tls-client-scopes`.",
    ],
    ...(
      [
        ["none.json", "holds no public key for signatures (RSA, P-256, P-384, P-521 or Ed25519)."],
        ["list.json", "is no JWK set: it must be a JSON object with `keys`."],
        ["empty", "is not valid JSON."],
        [
          "secret.json",
          "holds in `keys[0]` a private or shared key (`d`); only public keys belong there, and this one should be replaced.",
        ],
        [
          "shared.json",
          "holds in `keys[0]` a private or shared key (`k`); only public keys belong there, and this one should be replaced.",
        ],
        ["short.json", "holds in `keys[0]` an RSA key of 1024 bits; 2048 are the least."],
        ["broken.json", "holds in `keys[0]` a broken key: Invalid JWK EC key."],
      ] as const
    ).map(
      ([file, rest]) =>
        [
          `a key set that ${rest}`,
          { ...issued, jwksFile: join(dir, file) },
          `\`--jwks-file\` (${dir}/${file}) ${rest}`,
        ] as const,
    ),
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.throws(() => createAuthenticator({ ...off, ...options } as AuthOptions, log), {
        name: "UsageError",
        message,
      });
    });
  }
});
