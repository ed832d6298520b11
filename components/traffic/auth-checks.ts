import { RIGHTS, type Right } from "../internal/authentication";
import { keySetProblem } from "../internal/jwks";
import { keyProblem, passwordProblem } from "../internal/credentials";
import { type Problems, isHostName, plainValue } from "../internal/validation";
import {
  AUTH_DEFAULTS,
  type ApiKeyAuth,
  type BasicAuth,
  type ClaimRule,
  type JwtAuth,
  type MutualTls,
  type OidcAuth,
  type RouteAuth,
} from "./auth-settings";

/** Kinds of which a policy can have one: Envoy Gateway lets nobody pass who does not satisfy all that it names. */
const KINDS = ["jwt", "apiKeys", "basic"] as const;

/** Of an API server's lists: the audiences of a provider, the values of a claim and of a header. */
const MOST_AUDIENCES = 8;
const MOST_CLAIM_VALUES = 128;
const MOST_CALLERS = 256;

const HTTPS = /^https:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/;
/** Names that are a Secret's key and a header's value. */
const CALLER = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const HEADER = /^[A-Za-z][A-Za-z0-9-]*$/;
/** Headers that mean something else already. */
const TAKEN = ["authorization", "cookie", "host", "content-type", "slipway-client", "slipway-service"];
const PATH = /^\/[A-Za-z0-9._~-]+(\/[A-Za-z0-9._~-]+)*$/;

/** Checks how routes ask callers who they are; `path` is where it was given. */
export function checkAuth(auth: RouteAuth, path: string, problems: Problems): void {
  if (typeof auth !== "object" || auth === null) {
    problems.add(
      path,
      `${JSON.stringify(auth)} must be an object, as in { apiKeys: … }: no route is without authentication`,
    );
    return;
  }
  const kinds = KINDS.filter((kind) => auth[kind] !== undefined);
  if (kinds.length > 1) {
    problems.add(
      path,
      `${kinds.join(" and ")} cannot be combined: Envoy Gateway asks for all that a policy names, so that callers with one of ` +
        "them alone would be refused; take one, or give a service's route its own",
    );
  }
  if (auth.jwt) checkJwt(auth.jwt, auth.oidc !== undefined, `${path}.jwt`, problems);
  if (auth.oidc) checkOidc(auth.oidc, auth.jwt !== undefined, `${path}.oidc`, problems);
  if (auth.apiKeys) checkApiKeys(auth.apiKeys, `${path}.apiKeys`, problems);
  if (auth.basic) checkBasic(auth.basic, `${path}.basic`, problems);
}

function checkJwt(
  { issuer, audiences, jwksUri, jwks, claims }: JwtAuth,
  signIn: boolean,
  path: string,
  problems: Problems,
): void {
  problems.check(
    signIn ? HTTPS.test(issuer) : /^\S{1,253}$/.test(issuer),
    `${path}.issuer`,
    signIn
      ? `"${issuer}" must be an https address without a query, as in "https://login.example.com": it is asked how to sign in`
      : `"${issuer}" must be the tokens' \`iss\`, at most 253 characters without blanks`,
  );
  problems.check(
    audiences.length >= 1 &&
      audiences.length <= MOST_AUDIENCES &&
      audiences.every((audience) => audience !== ""),
    `${path}.audiences`,
    `${JSON.stringify(audiences)} must be 1 to ${MOST_AUDIENCES} texts: tokens for somebody else are not taken`,
  );
  problems.check(
    (jwksUri === undefined) !== (jwks === undefined),
    `${path}.jwksUri`,
    "either this or `jwks` must be given, and not both",
  );
  if (jwksUri !== undefined) {
    problems.check(
      HTTPS.test(jwksUri) && jwksUri.length <= 253,
      `${path}.jwksUri`,
      `"${jwksUri}" must be an https address, as in "https://login.example.com/jwks.json", at most 253 characters`,
    );
  }
  const keys = plainValue(jwks);
  const wrongKeys = keys === undefined ? undefined : keySetProblem(keys);
  if (wrongKeys !== undefined) problems.add(`${path}.jwks`, wrongKeys);
  if (claims === undefined) return;
  const given = RIGHTS.filter((right) => claims[right] !== undefined);
  problems.check(given.length > 0, `${path}.claims`, "must name a claim for `infer`, `admin` or both");
  for (const right of given) checkClaim(claims[right]!, `${path}.claims.${right}`, problems);
}

function checkClaim({ name, values, valueType }: ClaimRule, path: string, problems: Problems): void {
  problems.check(
    name !== "" && name.split(".").every((part) => /^[^\s/]+$/.test(part)),
    `${path}.name`,
    `"${name}" must be a claim's name, as in "groups" or "realm_access.roles"; names with a slash cannot be reached, since a dot leads into a claim`,
  );
  problems.check(
    values.length >= 1 && values.length <= MOST_CLAIM_VALUES && values.every((value) => value !== ""),
    `${path}.values`,
    `${JSON.stringify(values)} must be 1 to ${MOST_CLAIM_VALUES} texts`,
  );
  problems.check(
    valueType === undefined || valueType === "String" || valueType === "StringArray",
    `${path}.valueType`,
    `"${valueType}" must be one of String, StringArray`,
  );
}

function checkOidc(oidc: OidcAuth, hasTokens: boolean, path: string, problems: Problems): void {
  problems.check(
    hasTokens,
    path,
    "needs `jwt` of the same issuer beside it, which checks the token that a sign-in gives",
  );
  const endpoints = ["authorizationEndpoint", "tokenEndpoint"] as const;
  for (const field of endpoints) {
    const value = oidc[field];
    const other = endpoints.find((one) => one !== field)!;
    problems.check(
      value !== undefined || oidc[other] === undefined,
      `${path}.${field}`,
      `must be given with \`${other}\`, and that with it`,
    );
    problems.check(
      value === undefined || HTTPS.test(value),
      `${path}.${field}`,
      `"${value}" must be an https address, as in "https://login.example.com/authorize"`,
    );
  }
  problems.check(plainValue(oidc.clientId) !== "", `${path}.clientId`, '"" must not be empty');
  problems.check(plainValue(oidc.clientSecret) !== "", `${path}.clientSecret`, '"" must not be empty');
  oidc.scopes?.forEach((scope, i) =>
    problems.check(
      /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope),
      `${path}.scopes[${i}]`,
      `"${scope}" must be a scope, without blanks`,
    ),
  );
  for (const field of ["redirectPath", "logoutPath"] as const) {
    const value = oidc[field];
    problems.check(
      value === undefined || (PATH.test(value) && !/^\/v2(\/|$)/.test(value)),
      `${path}.${field}`,
      `"${value}" must be a path outside of /v2, as in "/oauth2/callback"`,
    );
  }
  const redirectPath = oidc.redirectPath ?? AUTH_DEFAULTS.redirectPath;
  const logoutPath = oidc.logoutPath ?? AUTH_DEFAULTS.logoutPath;
  problems.check(
    redirectPath !== logoutPath,
    `${path}.logoutPath`,
    `"${logoutPath}" must differ from \`redirectPath\``,
  );
}

function checkApiKeys({ clients, header }: ApiKeyAuth, path: string, problems: Problems): void {
  problems.check(
    header === undefined || (HEADER.test(header) && !TAKEN.includes(header.toLowerCase())),
    `${path}.header`,
    `"${header}" must be the name of a header of its own, as in "X-API-Key"`,
  );
  checkCallers(Object.entries(clients), `${path}.clients`, problems);
  const holders = new Map<string, string>();
  for (const [name, { key }] of Object.entries(clients)) {
    const plain = plainValue(key);
    if (plain === undefined) continue;
    const wrong = keyProblem(plain);
    if (wrong) problems.add(`${path}.clients.${name}.key`, wrong);
    const other = holders.get(plain);
    // Envoy Gateway refuses the whole policy.
    if (other !== undefined) problems.add(`${path}.clients.${name}.key`, `is also the key of "${other}"`);
    holders.set(plain, name);
  }
}

function checkBasic({ users }: BasicAuth, path: string, problems: Problems): void {
  checkCallers(Object.entries(users), `${path}.users`, problems);
  for (const [name, { password }] of Object.entries(users)) {
    const plain = plainValue(password);
    const wrong = plain === undefined ? undefined : passwordProblem(plain);
    if (wrong) problems.add(`${path}.users.${name}.password`, wrong);
  }
}

function checkCallers(
  callers: readonly [string, { readonly scopes?: readonly Right[] }][],
  path: string,
  problems: Problems,
): void {
  problems.check(
    callers.length >= 1 && callers.length <= MOST_CALLERS,
    path,
    `${callers.length} must be from 1 to ${MOST_CALLERS}`,
  );
  for (const [name, { scopes }] of callers) {
    problems.check(
      CALLER.test(name),
      `${path}.${name}`,
      "must be named by 1 to 63 letters, digits, dots, dashes and underscores, a letter or digit first and last",
    );
    for (const scope of scopes ?? []) {
      problems.check(
        RIGHTS.includes(scope),
        `${path}.${name}.scopes`,
        `"${scope}" must be one of ${RIGHTS.join(", ")}`,
      );
    }
  }
}

/** Checks what client certificates are asked for. */
export function checkMutualTls(
  { caCertificates, dnsNames, uris }: MutualTls,
  path: string,
  problems: Problems,
): void {
  const pem = plainValue(caCertificates);
  if (pem !== undefined) {
    problems.check(
      pem.includes("-----BEGIN CERTIFICATE-----") && !pem.includes("PRIVATE KEY"),
      `${path}.caCertificates`,
      "must be certificates in PEM, and no key",
    );
  }
  dnsNames?.forEach((name, i) =>
    problems.check(isHostName(name), `${path}.dnsNames[${i}]`, `"${name}" must be a host name`),
  );
  uris?.forEach((uri, i) =>
    problems.check(
      /^[a-z][a-z0-9+.-]*:\/\/\S+$/.test(uri),
      `${path}.uris[${i}]`,
      `"${uri}" must be a URI, as in "spiffe://example.com/team"`,
    ),
  );
}
