import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from "jose";
import pino from "pino";
import type { Principal } from "../../../runtime/auth/authenticator";
import { TokenVerifier } from "../../../runtime/auth/token-verifier";
import type { WatchedFile } from "../../../runtime/auth/watched-file";
import { modelFolder } from "../support/model-folder";
import { refused } from "../support/refusals";

const log = pino({ level: "silent" });
const NOW = Date.parse("2026-06-01T12:00:00Z");
const seconds = NOW / 1000;

describe("TokenVerifier", () => {
  const dir = modelFolder({});
  const file = join(dir, "jwks.json");
  let pair: Awaited<ReturnType<typeof generateKeyPair>>;
  let clock = NOW;
  let verifier: TokenVerifier;

  async function writeKeys(...keys: { publicKey: CryptoKey; kid?: string }[]): Promise<void> {
    const set = await Promise.all(
      keys.map(async ({ publicKey, kid }) => ({ ...(await exportJWK(publicKey)), kid })),
    );
    writeFileSync(file, JSON.stringify({ keys: set }));
  }

  const open = (options: Partial<ConstructorParameters<typeof TokenVerifier>[0]> = {}) =>
    new TokenVerifier({
      jwksFile: file,
      issuer: "https://issuer",
      audience: "slipway",
      algorithms: ["ES256"],
      clockSkew: 30,
      log,
      now: () => clock,
      ...options,
    });

  function token(
    claims: JWTPayload = {},
    header: object = {},
    key: CryptoKey | Uint8Array = pair.privateKey,
  ) {
    const payload = {
      iss: "https://issuer",
      aud: "slipway",
      sub: "ana",
      exp: seconds + 3600,
      scope: "infer openid",
      ...claims,
    };
    return new SignJWT(payload).setProtectedHeader({ alg: "ES256", kid: "a", ...header }).sign(key);
  }

  before(async () => {
    pair = await generateKeyPair("ES256", { extractable: true });
    await writeKeys({ publicKey: pair.publicKey, kid: "a" });
  });
  beforeEach(() => {
    clock = NOW;
    verifier = open();
  });
  afterEach(() => verifier.close());

  it("knows the subject and those scopes that there are", async () => {
    const principal = await verifier.verify(await token());
    assert.deepEqual(principal, { subject: "ana", scopes: new Set(["infer"]) });
    const none = await verifier.verify(await token({ scope: undefined }));
    assert.deepEqual(none.scopes, new Set());
  });

  it("remembers a token for a minute, and never beyond its end", async () => {
    const long = await token();
    assert.ok(verifier.verify(long) instanceof Promise);
    await verifier.verify(long);
    assert.equal((verifier.verify(long) as Principal).subject, "ana");
    clock += 60_000;
    assert.ok(verifier.verify(long) instanceof Promise);

    const short = await token({ exp: clock / 1000 + 10 });
    await verifier.verify(short);
    clock += 39_000;
    assert.equal((verifier.verify(short) as Principal).subject, "ana");
    clock += 1_000;
    await refused("Unauthenticated", "The token has expired; get a new one.", () => verifier.verify(short));
  });

  it("remembers no more tokens than its bound", async () => {
    const remembered = (verifier as unknown as { remembered: Map<string, unknown> }).remembered;
    for (let i = 0; i < 4096; i++) remembered.set(`t${i}`, {});
    await verifier.verify(await token());
    assert.equal(remembered.size, 4096);
    assert.ok(!remembered.has("t0"));
  });

  const invalid = "The token is not valid.";
  const cases: [string, () => Promise<string> | string, string][] = [
    ["one that has expired", () => token({ exp: seconds - 31 }), "The token has expired; get a new one."],
    [
      "one that is not valid yet",
      () => token({ nbf: seconds + 31 }),
      "The token is not valid yet; check the clocks.",
    ],
    ["one without an end", () => token({ exp: undefined }), invalid],
    ["one without a subject", () => token({ sub: undefined }), invalid],
    ["one with an empty subject", () => token({ sub: "" }), invalid],
    ["one of another issuer", () => token({ iss: "https://other" }), invalid],
    ["one for another service", () => token({ aud: ["other"] }), invalid],
    ["one by an unknown key", () => token({}, { kid: "b" }), invalid],
    [
      "one that somebody else signed",
      async () => token({}, {}, (await generateKeyPair("ES256")).privateKey),
      invalid,
    ],
    [
      "an algorithm that is not allowed",
      async () => token({}, { alg: "ES384" }, (await generateKeyPair("ES384")).privateKey),
      invalid,
    ],
    ["a shared key", () => token({}, { alg: "HS256" }, new Uint8Array(32)), invalid],
    [
      "alg none",
      () => {
        const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
        return `${part({ alg: "none" })}.${part({ sub: "ana", exp: seconds + 9, iss: "https://issuer", aud: "slipway" })}.`;
      },
      invalid,
    ],
    ["what is no token", () => "abc", invalid],
    ["what is much too long", () => "a".repeat(9000), invalid],
  ];
  for (const [what, make, message] of cases) {
    it(`refuses ${what}`, async () => {
      const text = await make();
      await refused("Unauthenticated", message, () => verifier.verify(text));
    });
  }

  it("takes what lies within the clock's skew", async () => {
    await verifier.verify(await token({ exp: seconds - 29 }));
    await verifier.verify(await token({ nbf: seconds + 29 }));
  });

  it("follows the file: new keys are good, and those taken away are not, remembered or no", async () => {
    const next = await generateKeyPair("ES256", { extractable: true });
    const old = await token();
    await verifier.verify(old);
    const source = (verifier as unknown as { source: WatchedFile<unknown> }).source;
    try {
      await writeKeys({ publicKey: next.publicKey, kid: "b" });
      await source.reload();
      await refused("Unauthenticated", invalid, () => verifier.verify(old));
      await verifier.verify(await token({}, { kid: "b" }, next.privateKey));
      writeFileSync(file, "{");
      await source.reload();
      await verifier.verify(await token({ sub: "ben" }, { kid: "b" }, next.privateKey));
    } finally {
      await writeKeys({ publicKey: pair.publicKey, kid: "a" });
    }
  });

  it("tries each key where a token names none", async () => {
    const next = await generateKeyPair("ES256", { extractable: true });
    await writeKeys({ publicKey: pair.publicKey }, { publicKey: next.publicKey });
    const both = open();
    await writeKeys({ publicKey: pair.publicKey, kid: "a" });
    try {
      await both.verify(await token({}, { kid: undefined }, next.privateKey));
      const foreign = await token({}, { kid: undefined }, (await generateKeyPair("ES256")).privateKey);
      await refused("Unauthenticated", invalid, () => both.verify(foreign));
    } finally {
      both.close();
    }
  });
});
