import assert from "node:assert";
import {
  ApiGateway,
  CertificateAuthority,
  InferenceService,
  ModelRepository,
  ServiceRoute,
  TokenAuthority,
  type GatewayAuth,
} from "../../../components";
import { resolveGateway, type GatewaySettings } from "../../../components/traffic/gateway-settings";
import { ACM_ARN, CERTIFICATE, JWT, KEY } from "../support/callers";
import { declare } from "../support/declared";
import { IMAGE, model } from "../support/examples";

const PASSWORD = "correct horse battery staple";

const COMBINED =
  " cannot be combined: Envoy Gateway asks for all that a policy names, so that callers with one of them alone would be " +
  "refused; take one, or give a service's route its own";

describe("how callers are asked who they are", () => {
  const wrong: [string, GatewayAuth, string][] = [
    [
      "nothing at all",
      "none" as unknown as GatewayAuth,
      '`auth`: "none" must be an object, as in { apiKeys: … }: no route is without authentication',
    ],
    [
      "tokens and keys",
      { jwt: JWT, apiKeys: { clients: { ci: { key: KEY } } } },
      `\`auth\`: jwt and apiKeys${COMBINED}`,
    ],
    [
      "keys and passwords",
      { apiKeys: { clients: { ci: { key: KEY } } }, basic: { users: { ada: { password: PASSWORD } } } },
      `\`auth\`: apiKeys and basic${COMBINED}`,
    ],
    [
      "a sign-in whose token nobody checks",
      { oidc: { clientId: "models", clientSecret: "s3cret" } },
      "`auth.oidc`: needs `jwt` of the same issuer beside it, which checks the token that a sign-in gives",
    ],
    [
      "a sign-in with an issuer that cannot be asked",
      { jwt: { ...JWT, issuer: "login" }, oidc: { clientId: "models", clientSecret: "s3cret" } },
      '`auth.jwt.issuer`: "login" must be an https address without a query, as in "https://login.example.com": it is asked how to sign in',
    ],
    [
      "keys of tokens over plain HTTP, tokens for anybody",
      { jwt: { ...JWT, audiences: [], jwksUri: "http://login.example.com/jwks.json" } },
      "`auth.jwt.audiences`: [] must be 1 to 8 texts: tokens for somebody else are not taken; " +
        '`auth.jwt.jwksUri`: "http://login.example.com/jwks.json" must be an https address, as in "https://login.example.com/jwks.json", at most 253 characters',
    ],
    [
      "tokens without keys",
      { jwt: { issuer: JWT.issuer, audiences: JWT.audiences } },
      "`auth.jwt.jwksUri`: either this or `jwks` must be given, and not both",
    ],
    [
      "keys of tokens twice, of which one could make them",
      { jwt: { ...JWT, jwks: '{"keys":[{"kty":"EC"},{"kty":"EC","d":"s3cret"}]}' } },
      "`auth.jwt.jwksUri`: either this or `jwks` must be given, and not both; " +
        "`auth.jwt.jwks`: holds a private key at keys[1]: anybody who reads the policy could make tokens",
    ],
    ...["", "null", "{}", '{"keys":[]}', "{"].map((jwks): [string, GatewayAuth, string] => [
      `a key set that is none: ${jwks}`,
      { jwt: { ...JWT, jwksUri: undefined, jwks } },
      '`auth.jwt.jwks`: must be a JSON Web Key Set, as in {"keys":[{"kty":"EC",…}]}, with at least one key',
    ]),
    [
      "a key that both sides share",
      { jwt: { ...JWT, jwksUri: undefined, jwks: '{"keys":[{"kty":"oct","k":"s3cret"}]}' } },
      "`auth.jwt.jwks`: has no public key at keys[0]: `kty` must be one of EC, OKP, RSA",
    ],
    [
      "half of the addresses of a sign-in, over plain HTTP",
      {
        jwt: JWT,
        oidc: { clientId: "m", clientSecret: "s", tokenEndpoint: "http://login.example.com/token" },
      },
      "`auth.oidc.authorizationEndpoint`: must be given with `tokenEndpoint`, and that with it; " +
        '`auth.oidc.tokenEndpoint`: "http://login.example.com/token" must be an https address, as in "https://login.example.com/authorize"',
    ],
    [
      "claims for no right",
      { jwt: { ...JWT, claims: {} } },
      "`auth.jwt.claims`: must name a claim for `infer`, `admin` or both",
    ],
    [
      "a claim that cannot be reached, and no value",
      { jwt: { ...JWT, claims: { infer: { name: "https://example.com/roles", values: [] } } } },
      '`auth.jwt.claims.infer.name`: "https://example.com/roles" must be a claim\'s name, as in "groups" or "realm_access.roles"; names with a slash cannot be reached, since a dot leads into a claim; ' +
        "`auth.jwt.claims.infer.values`: [] must be 1 to 128 texts",
    ],
    [
      "paths of a sign-in that are the servers' own, or the same",
      {
        jwt: JWT,
        oidc: {
          clientId: "",
          clientSecret: "",
          scopes: ["a b"],
          redirectPath: "/v2/callback",
          logoutPath: "/v2/callback",
        },
      },
      '`auth.oidc.clientId`: "" must not be empty; `auth.oidc.clientSecret`: "" must not be empty; ' +
        '`auth.oidc.scopes[0]`: "a b" must be a scope, without blanks; ' +
        '`auth.oidc.redirectPath`: "/v2/callback" must be a path outside of /v2, as in "/oauth2/callback"; ' +
        '`auth.oidc.logoutPath`: "/v2/callback" must be a path outside of /v2, as in "/oauth2/callback"; ' +
        '`auth.oidc.logoutPath`: "/v2/callback" must differ from `redirectPath`',
    ],
    [
      "a key that can be guessed, without telling it",
      { apiKeys: { clients: { ci: { key: "hunter2" } } } },
      "`auth.apiKeys.clients.ci.key`: a key of 7 characters must have at least 32, printable ones without blanks",
    ],
    [
      "one key for two",
      { apiKeys: { clients: { ci: { key: KEY }, bot: { key: KEY } } } },
      '`auth.apiKeys.clients.bot.key`: is also the key of "ci"',
    ],
    ["keys for nobody", { apiKeys: { clients: {} } }, "`auth.apiKeys.clients`: 0 must be from 1 to 256"],
    [
      "a name that is no header's value, a scope that there is not, a header that means something else",
      { apiKeys: { header: "Authorization", clients: { "c i": { key: KEY, scopes: ["root" as "admin"] } } } },
      '`auth.apiKeys.header`: "Authorization" must be the name of a header of its own, as in "X-API-Key"; ' +
        "`auth.apiKeys.clients.c i`: must be named by 1 to 63 letters, digits, dots, dashes and underscores, a letter or digit first and last; " +
        '`auth.apiKeys.clients.c i.scopes`: "root" must be one of infer, admin',
    ],
    [
      "a short password",
      { basic: { users: { ada: { password: "hunter2" } } } },
      "`auth.basic.users.ada.password`: a password of 7 characters must have at least 20: Envoy keeps it as an unsalted SHA-1",
    ],
    [
      "client certificates by a key, for names that are none",
      { mtls: { caCertificates: "-----BEGIN PRIVATE KEY-----", dnsNames: ["a b"], uris: ["team"] } },
      "`auth.mtls.caCertificates`: must be certificates in PEM, and no key; " +
        '`auth.mtls.dnsNames[0]`: "a b" must be a host name; ' +
        '`auth.mtls.uris[0]`: "team" must be a URI, as in "spiffe://example.com/team"',
    ],
  ];
  for (const [what, auth, message] of wrong) {
    it(`may not be ${what}`, () => {
      assert.throws(() => resolveGateway("front", { auth }), { message: `ApiGateway "front": ${message}` });
    });
  }

  it("may not be by certificates where TLS ends before the proxies", () => {
    const change: GatewaySettings = {
      auth: { mtls: { caCertificates: CERTIFICATE } },
      certificate: { acmArn: ACM_ARN },
      loadBalancer: { kind: "aws-nlb" },
    };
    assert.throws(() => resolveGateway("front", change), {
      message:
        'ApiGateway "front": `auth.mtls`: needs clients\' TLS to end at the proxies; with `certificate.acmArn` it ends at the load balancer',
    });
  });

  it("can be a service's own", async () => {
    const declared = await declare(() => {
      const authority = new CertificateAuthority("authority");
      const tokens = new TokenAuthority("tokens", { issuer: "https://issuer.example" });
      const front = new ApiGateway("front", { namespace: "ns", authority, tokens });
      const models = [model("ocr")];
      const repository = new ModelRepository("models", {
        models,
        insecureRegistries: ["10.213.77.2:5000"],
      });
      const service = new InferenceService("text", {
        namespace: "ns",
        image: IMAGE,
        repository,
        models,
        authority,
      });
      const auth = { apiKeys: { clients: { ci: { key: KEY } } } };
      new ServiceRoute("text", { gateway: front, service, authority, auth });
      assert.throws(
        () =>
          new ServiceRoute("bad", { gateway: front, service, authority, auth: { apiKeys: { clients: {} } } }),
        { message: 'ServiceRoute "bad": `auth.apiKeys.clients`: 0 must be from 1 to 256' },
      );
    });
    for (const { inputs } of declared.kind("SecurityPolicy")) {
      assert.equal(inputs.spec.apiKeyAuth.credentialRefs[0].name, "text-api-keys-chosen");
      assert.equal(inputs.spec.jwt, undefined);
    }
    assert.equal(declared.kind("SecurityPolicy").length, 2);
  });
});

describe("cross-origin calls and bodies", () => {
  const wrong: [string, GatewaySettings, string][] = [
    ["no origin", { cors: { origins: [] } }, "`cors.origins`: must name at least one origin"],
    [
      "every origin with credentials",
      { cors: { origins: ["*"], credentials: true } },
      '`cors.origins[0]`: "*" cannot go with `credentials`: every page could call in its visitor\'s name; name the origins',
    ],
    [
      "origins that are patterns, plain or have a path",
      {
        cors: {
          origins: ["https://*.example.com", "http://example.com", "https://example.com/"],
          maxAge: -1,
        },
      },
      '`cors.origins[0]`: "https://*.example.com" must be an origin in full, as in "https://app.example.com", without a path; ' +
        '`cors.origins[1]`: "http://example.com" must be an origin in full, as in "https://app.example.com", without a path; ' +
        '`cors.origins[2]`: "https://example.com/" must be an origin in full, as in "https://app.example.com", without a path; ' +
        "`cors.maxAge`: -1 must be a whole number from 0 to 86400",
    ],
    ["no body", { maxBodyBytes: 0 }, "`maxBodyBytes`: 0 must be a whole number from 1 to 4294967295"],
    [
      "bodies that would fill the proxies",
      { maxBodyBytes: 268_435_456 },
      '`maxBodyBytes`: 268435456 must be at most a quarter of `memoryLimit` ("512Mi"): the proxies hold whole requests',
    ],
  ];
  for (const [what, change, message] of wrong) {
    it(`may not be ${what}`, () => {
      assert.throws(() => resolveGateway("front", change), { message: `ApiGateway "front": ${message}` });
    });
  }

  it("may be from everywhere without credentials, and from the developer's own machine", () => {
    for (const [origin, credentials] of [
      ["*", false],
      ["http://localhost:5173", true],
    ] as const) {
      const { cors } = resolveGateway("front", { cors: { origins: [origin], credentials } });
      assert.deepEqual(cors, { origins: [origin], credentials, maxAge: 600 });
    }
  });
});
