import { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import {
  apiKeys,
  issuedTokens,
  ownTokens,
  passwords,
  withSignIn,
  type NamedCaller,
  type Right,
} from "../internal/authentication";
import type { Authentication, TokenRules } from "../internal/authorization";
import type { CorsRules } from "../internal/cors";
import { encoded, keySecret, passwordSecret, type Pairs } from "../internal/credentials";
import { AUTH_DEFAULTS, type RouteAuth } from "./auth-settings";

/** How a service's routes ask callers who they are. */
export interface RouteAuthentication {
  /** On every route, but for the own host where that has another. */
  readonly everywhere: Authentication;
  /** On the service's own host, where people sign in with a browser. */
  readonly ownHost?: {
    readonly authentication: Authentication;
    /** Paths of the sign-in, which no server answers. */
    readonly paths: readonly string[];
  };
}

/** What a gateway's routes have to bring along, each in policies of its own. */
export interface RouteSecurity {
  readonly authentication: RouteAuthentication;
  readonly cors: CorsRules | undefined;
  /** Whether the gateway asks for client certificates. */
  readonly clientCertificates: boolean;
  /** Undefined leaves it to the servers. */
  readonly maxBodyBytes: number | undefined;
}

/** Where Secrets are made, and what is accepted where `auth` names nothing else. */
export interface SecurityContext {
  readonly namespace: pulumi.Input<string>;
  readonly labels: Readonly<Record<string, string>>;
  readonly tokens: TokenRules;
}

/** Makes the Secrets that an authentication needs. Secrets have no fixed name: a change of a key makes a new one first. */
export function createAuthentication(
  name: string,
  auth: RouteAuth,
  context: SecurityContext,
  parent: pulumi.Resource,
): RouteAuthentication {
  const secret = (role: string, data: pulumi.Input<Record<string, string>>): pulumi.Output<string> =>
    new Secret(
      `${name}-${role}`,
      {
        metadata: { namespace: context.namespace, labels: { ...context.labels } },
        type: "Opaque",
        data: pulumi.secret(data),
      },
      { parent },
    ).metadata.name;

  if (auth.apiKeys) {
    const { clients, header = AUTH_DEFAULTS.header } = auth.apiKeys;
    const keys = pairsOf(Object.entries(clients).map(([client, { key }]) => [client, key]));
    const secretName = secret(
      "api-keys",
      keys.apply((all) => keySecret(name, all)),
    );
    return { everywhere: apiKeys(secretName, header, callersOf(clients)) };
  }
  if (auth.basic) {
    const { users } = auth.basic;
    const all = pairsOf(Object.entries(users).map(([user, { password }]) => [user, password]));
    const secretName = secret(
      "users",
      all.apply((known) => passwordSecret(name, known)),
    );
    return { everywhere: passwords(secretName, callersOf(users)) };
  }
  if (!auth.jwt) return { everywhere: ownTokens(context.tokens) };
  const tokens = issuedTokens({ ...auth.jwt, claims: claimsOf(auth.jwt.claims) });
  if (!auth.oidc) return { everywhere: tokens };
  const {
    clientId,
    clientSecret,
    authorizationEndpoint,
    tokenEndpoint,
    scopes = [],
    redirectPath = AUTH_DEFAULTS.redirectPath,
    logoutPath = AUTH_DEFAULTS.logoutPath,
  } = auth.oidc;
  const secretName = secret(
    "sign-in",
    pulumi.output(clientSecret).apply((text) => encoded([["client-secret", text]])),
  );
  const endpoints =
    authorizationEndpoint === undefined || tokenEndpoint === undefined
      ? undefined
      : { authorizationEndpoint, tokenEndpoint };
  const signIn = { clientId, secretName, scopes, endpoints, redirectPath, logoutPath };
  return {
    everywhere: tokens,
    // Not on the shared host: each service's policy has cookies of its own, and one address to be sent back to would serve one.
    ownHost: {
      authentication: withSignIn(tokens, auth.jwt.issuer, signIn),
      paths: [redirectPath, logoutPath],
    },
  };
}

function claimsOf(claims: NonNullable<RouteAuth["jwt"]>["claims"]) {
  if (claims === undefined) return undefined;
  const complete = Object.entries(claims).map(([right, claim]) => [
    right,
    { name: claim.name, valueType: claim.valueType ?? AUTH_DEFAULTS.valueType, values: claim.values },
  ]);
  return Object.fromEntries(complete) as Parameters<typeof issuedTokens>[0]["claims"];
}

function callersOf(callers: Readonly<Record<string, { readonly scopes?: readonly Right[] }>>): NamedCaller[] {
  return Object.entries(callers).map(([name, { scopes }]) => ({
    name,
    rights: scopes ?? AUTH_DEFAULTS.scopes,
  }));
}

function pairsOf(pairs: readonly (readonly [string, pulumi.Input<string>])[]): pulumi.Output<Pairs> {
  return pulumi.all(
    pairs.map(([name, secret]) => pulumi.output(secret).apply((text) => [name, text] as const)),
  );
}
