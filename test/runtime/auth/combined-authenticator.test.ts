import assert from "node:assert/strict";
import { hashOfKey, parseApiKeys } from "../../../runtime/auth/api-keys";
import type { Credentials, Principal, Scope } from "../../../runtime/auth/authenticator";
import { CombinedAuthenticator } from "../../../runtime/auth/combined-authenticator";
import { credentials, refused } from "../support/refusals";

const NOW = Date.parse("2026-06-01T12:00:00Z");

describe("CombinedAuthenticator", () => {
  const keys = parseApiKeys(
    [
      `ci sha256:${hashOfKey("secret")} infer,admin`,
      `old sha256:${hashOfKey("gone")} infer 2026-06-01`,
      `soon sha256:${hashOfKey("soon")} metrics 2026-06-01T12:00:01Z`,
    ].join("\n"),
  );
  const tokens = {
    verify: (token: string): Principal => ({ subject: token, scopes: new Set<Scope>(["infer"]) }),
    close: () => undefined,
  };
  const apiKeys = { current: keys, close: () => undefined };
  const now = () => NOW;
  const all = new CombinedAuthenticator({ tokens, apiKeys, certificateScopes: new Set(["infer"]), now });
  const authorize = (given: Partial<Credentials>, scope: Scope = "infer") =>
    all.authorize(credentials(given), scope);

  it("takes each kind of credentials, whatever the case of the scheme", async () => {
    assert.equal((await authorize({ authorization: "Bearer abc" })).subject, "abc");
    assert.equal((await authorize({ authorization: "bearer abc" })).subject, "abc");
    assert.equal((await authorize({ authorization: "ApiKey secret" }, "admin")).subject, "ci");
    assert.equal((await authorize({ apiKey: "secret" })).subject, "ci");
    assert.equal((await authorize({ apiKey: "soon" }, "metrics")).subject, "soon");
    assert.equal((await authorize({ certificateName: "gateway" })).subject, "gateway");
  });

  it("answers at once for keys and certificates", () => {
    assert.ok(!(authorize({ apiKey: "secret" }) instanceof Promise));
    assert.ok(!(authorize({ certificateName: "gateway" }) instanceof Promise));
  });

  it("refuses without credentials, naming those it takes", async () => {
    const sentence =
      "Credentials are required: a token as `Authorization: Bearer …` or an API key as `X-API-Key: …` or a client certificate.";
    await refused("Unauthenticated", sentence, () => authorize({}));
    await refused("Unauthenticated", sentence, () => authorize({ authorization: "Bearer" }));
    await refused("Unauthenticated", sentence, () => authorize({ authorization: "ApiKey" }));
    assert.equal(all.challenge, 'Bearer realm="slipway", ApiKey realm="slipway"');
  });

  it("refuses credentials that are wrong even where the certificate would do", async () => {
    const certificateName = "gateway";
    await refused("Unauthenticated", "The API key is not valid.", () =>
      authorize({ apiKey: "wrong", certificateName }),
    );
    await refused("Unauthenticated", "The API key is not valid.", () =>
      authorize({ apiKey: "", certificateName }),
    );
    await refused("Unauthenticated", "The API key has expired.", () =>
      authorize({ apiKey: "gone", certificateName }),
    );
    // The hash is no key.
    await refused("Unauthenticated", "The API key is not valid.", () =>
      authorize({ apiKey: hashOfKey("secret") }),
    );
  });

  const ways = "a token as `Authorization: Bearer …` or an API key as `X-API-Key: …` or a client certificate";
  const notTaken = (header: string, wanted: string) =>
    `The request's \`${header}\` is of a kind that is not taken here; leave it out and give ${wanted}.`;

  it("refuses credentials without content, or that nobody checks, even where the certificate would do", async () => {
    const certificateName = "gateway";
    for (const scheme of ["Bearer", "bearer ", "ApiKey"]) {
      await refused("Unauthenticated", `Credentials are required: ${ways}.`, () =>
        authorize({ authorization: scheme, certificateName }),
      );
    }
    for (const authorization of ["Basic YTpi", "secret", ""]) {
      await refused("Unauthenticated", notTaken("Authorization", ways), () =>
        authorize({ authorization, certificateName }),
      );
    }
    const keyless = new CombinedAuthenticator({ tokens, certificateScopes: new Set(["infer"]), now });
    await refused(
      "Unauthenticated",
      notTaken("X-API-Key", "a token as `Authorization: Bearer …` or a client certificate"),
      () => keyless.authorize(credentials({ apiKey: "secret", certificateName }), "infer"),
    );
  });

  it("wants a token and a key to be valid both, and goes by the token", async () => {
    const both = (apiKey: string, authorization = "Bearer ana") => authorize({ authorization, apiKey });
    assert.equal((await both("secret")).subject, "ana");
    await refused("Unauthenticated", "The API key is not valid.", () => both("wrong"));
    await refused("Unauthenticated", "The API key has expired.", () => both("gone"));
    await refused("Unauthenticated", "The API key has expired.", () => both("secret", "ApiKey gone"));
    await refused("Unauthenticated", notTaken("Authorization", ways), () => both("secret", "Basic YTpi"));
  });

  it("refuses what the scopes do not allow", async () => {
    await refused(
      "PermissionDenied",
      "`ci` lacks the scope `metrics` that this needs; it has infer, admin.",
      () => authorize({ apiKey: "secret" }, "metrics"),
    );
  });

  it("lets a certificate without scopes only carry other credentials", async () => {
    const inner = new CombinedAuthenticator({ tokens, certificateScopes: new Set(), now });
    const proxied = credentials({ certificateName: "gateway" });
    await refused("Unauthenticated", "Credentials are required: a token as `Authorization: Bearer …`.", () =>
      inner.authorize(proxied, "infer"),
    );
    assert.equal(
      (await inner.authorize({ ...proxied, authorization: "Bearer ana" }, "infer")).subject,
      "ana",
    );
  });

  it("refuses tokens and keys where it takes certificates alone", async () => {
    const only = new CombinedAuthenticator({ certificateScopes: new Set(["infer"]), now });
    const certificateName = "gateway";
    for (const [header, given] of [
      ["Authorization", { authorization: "Bearer x" }],
      ["Authorization", { authorization: "ApiKey secret" }],
      ["X-API-Key", { apiKey: "secret" }],
    ] as const) {
      await refused("Unauthenticated", notTaken(header, "a client certificate"), () =>
        only.authorize(credentials({ ...given, certificateName }), "infer"),
      );
    }
    assert.equal((await only.authorize(credentials({ certificateName }), "infer")).subject, "gateway");
  });
});
