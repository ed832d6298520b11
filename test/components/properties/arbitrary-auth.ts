import * as fc from "fast-check";
import type { ClaimRule, GatewayAuth, RouteAuth } from "../../../components";
import { CERTIFICATE } from "../support/callers";

export const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

/** A DNS label. @param most characters */
export const label = (most = 63) =>
  fc.stringMatching(new RegExp(`^[a-z0-9]([-a-z0-9]{0,${most - 2}}[a-z0-9])?$`), { size: "max" });

export const hostName = fc.array(label(20), { minLength: 1, maxLength: 4 }).map((labels) => labels.join("."));

const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 });
const https = fc
  .tuple(hostName, fc.stringMatching(/^[a-z0-9/._-]{0,40}$/))
  .map(([host, path]) => `https://${host}/${path}`);

const claim: fc.Arbitrary<ClaimRule> = fc.record(
  {
    name: fc.stringMatching(/^[a-zA-Z_:-]{1,20}(\.[a-z]{1,5}){0,2}$/),
    values: fc.array(text, { minLength: 1, maxLength: 5 }),
    valueType: fc.constantFrom("String" as const, "StringArray" as const),
  },
  { requiredKeys: ["name", "values"] },
);

/** Whatever an issuer may call itself where nobody signs in there. */
const issuer = fc.stringMatching(/^[^\s]{1,80}$/);

const keys = fc.oneof(
  fc.record({ jwksUri: https }),
  fc.constant({ jwks: '{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]}' }),
);

const rules = fc.record(
  {
    issuer: fc.oneof(https, issuer),
    audiences: fc.array(text, { minLength: 1, maxLength: 8 }),
    claims: fc.oneof(
      fc.record({ infer: claim }),
      fc.record({ admin: claim }),
      fc.record({ infer: claim, admin: claim }),
    ),
  },
  { requiredKeys: ["issuer", "audiences"] },
);

const jwt = fc.tuple(rules, keys).map(([asked, given]) => ({ ...asked, ...given }));

const oidc = fc.record(
  {
    clientId: text,
    clientSecret: text,
    scopes: fc.array(fc.stringMatching(/^[a-z:/.]{1,20}$/), { maxLength: 4 }),
    redirectPath: fc.constantFrom("/sign-in", "/a/b.c/~d"),
    logoutPath: fc.constantFrom("/sign-out", "/x"),
  },
  { requiredKeys: ["clientId", "clientSecret"] },
);

const endpoints = fc.oneof(
  fc.constant({}),
  fc.record({ authorizationEndpoint: https, tokenEndpoint: https }),
);

const rights = maybe(fc.subarray(["infer" as const, "admin" as const]));
const caller = fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9._-]{0,20}[A-Za-z0-9])?$/);
const secret = (least: number) =>
  fc.stringMatching(new RegExp(`^[\\x21-\\x7e]{${least},${least + 20}}$`), { size: "max" });

const apiKeys = fc.record(
  {
    // Keys of two clients are never the same: the caller's own name is part of it.
    clients: fc
      .dictionary(caller, fc.tuple(secret(32), rights), { minKeys: 1, maxKeys: 4, noNullPrototype: true })
      .map((clients) =>
        Object.fromEntries(
          Object.entries(clients).map(([name, [key, scopes]]) => [name, { key: `${name}:${key}`, scopes }]),
        ),
      ),
    header: fc.constantFrom("X-API-Key", "x-key", "Key"),
  },
  { requiredKeys: ["clients"] },
);

const basic = fc.record({
  users: fc
    .dictionary(caller, fc.record({ password: secret(20), scopes: rights }), { minKeys: 1, maxKeys: 4 })
    .map((users) => ({ ...users })),
});

/** Every way of asking callers who they are. */
export const arbitraryAuth: fc.Arbitrary<RouteAuth> = fc.oneof(
  fc.constant({}),
  fc.record({ jwt }),
  fc.record({ jwt, oidc, endpoints, issuer: https }).map(({ issuer: asked, ...auth }) => ({
    jwt: { ...auth.jwt, issuer: asked },
    oidc: { ...auth.oidc, ...auth.endpoints },
  })),
  fc.record({ apiKeys }),
  fc.record({ basic }),
);

const mtls = fc.record(
  {
    caCertificates: fc.constant(CERTIFICATE),
    dnsNames: fc.array(hostName, { maxLength: 3 }),
    uris: fc.array(
      fc.tuple(label(10), hostName).map(([team, host]) => `spiffe://${host}/${team}`),
      { maxLength: 3 },
    ),
  },
  { requiredKeys: ["caCertificates"] },
);

/** The same, and client certificates. */
export const arbitraryGatewayAuth: fc.Arbitrary<GatewayAuth> = fc
  .tuple(arbitraryAuth, maybe(mtls))
  .map(([auth, clients]) => (clients === undefined ? auth : { ...auth, mtls: clients }));
