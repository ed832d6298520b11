import assert from "node:assert/strict";
import { errors, exportJWK, generateKeyPair, type JWTHeaderParameters } from "jose";
import pino from "pino";
import { RemoteJwks } from "../../../runtime/auth/remote-jwks";
import { ServerError } from "../../../runtime/errors";

/** A provider that publishes what the test says, and counts. */
class Provider {
  answer: () => Response = () => this.keys();
  fetches = 0;
  private readonly published: object[] = [];

  async publish(kid: string): Promise<void> {
    const { publicKey } = await generateKeyPair("ES256", { extractable: true });
    this.published.push({ ...(await exportJWK(publicKey)), kid });
  }

  keys(): Response {
    return new Response(JSON.stringify({ keys: this.published }));
  }

  readonly fetch = (async (_url: string, init: RequestInit) => {
    this.fetches++;
    assert.equal(init.redirect, "error");
    return this.answer();
  }) as typeof fetch;
}

describe("RemoteJwks", () => {
  let provider: Provider;
  let jwks: RemoteJwks;
  let clock = 0;
  let changes = 0;
  const lines: string[] = [];

  const open = () => {
    const log = pino(
      { level: "error" },
      { write: (line: string) => void lines.push(JSON.parse(line).cause) },
    );
    const onChange = () => void changes++;
    return new RemoteJwks({
      url: "https://issuer/keys",
      log,
      onChange,
      fetch: provider.fetch,
      now: () => clock,
    });
  };
  const key = (kid: string) =>
    jwks.getKey({ alg: "ES256", kid } as JWTHeaderParameters, { payload: "", signature: "" });

  beforeEach(async () => {
    lines.length = clock = changes = 0;
    provider = new Provider();
    await provider.publish("a");
  });
  afterEach(() => jwks.close());

  it("fetches at once, and once for all who wait", async () => {
    jwks = open();
    await Promise.all([key("a"), key("a"), key("a")]);
    assert.deepEqual([provider.fetches, changes], [1, 1]);
  });

  it("fetches again for an unknown key, at most every 30 seconds", async () => {
    jwks = open();
    await key("a");
    await provider.publish("b");
    await assert.rejects(key("b"), errors.JWKSNoMatchingKey);
    assert.equal(provider.fetches, 1);
    clock = 30_000;
    await key("b");
    await assert.rejects(key("c"), errors.JWKSNoMatchingKey);
    assert.deepEqual([provider.fetches, changes], [2, 2]);
  });

  it("keeps the last good keys while the provider fails", async () => {
    jwks = open();
    await key("a");
    for (const [answer, cause] of [
      [() => new Response("", { status: 502 }), "the answer was 502"],
      [() => new Response("<html>"), "is not valid JSON."],
      [() => new Response(" ".repeat(1024 * 1024 + 1)), "the answer is larger than 1 MiB"],
      [
        () => {
          throw new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") });
        },
        "connect ECONNREFUSED",
      ],
    ] as const) {
      provider.answer = answer;
      await jwks.refresh();
      assert.equal(lines.pop(), cause);
      await key("a");
    }
    assert.equal(changes, 1);
  });

  it("says that tokens cannot be checked while there never were keys, and recovers", async () => {
    provider.answer = () => new Response("", { status: 503 });
    jwks = open();
    const unavailable = (error: unknown) => {
      assert.ok(error instanceof ServerError);
      assert.equal(error.code, "KeysUnavailable");
      assert.equal(
        error.message,
        "The keys that tokens are checked with cannot be fetched at present; retry later.",
      );
      return true;
    };
    await assert.rejects(key("a"), unavailable);
    provider.answer = () => provider.keys();
    await assert.rejects(key("a"), unavailable);
    clock = 5_000;
    await key("a");
    assert.equal(provider.fetches, 2);
  });
});
