import { SCOPES, type Scope } from "./authenticator";

/** `infer, admin, metrics` for error messages. */
export const SCOPE_LIST = SCOPES.join(", ");

const known: ReadonlySet<string> = new Set(SCOPES);

export function isScope(text: string): text is Scope {
  return known.has(text);
}

/** The scopes of a token's `scope` claim. Those that other services give a meaning to are left out. */
export function scopesOfClaim(claim: unknown): ReadonlySet<Scope> {
  return new Set(typeof claim === "string" ? claim.split(" ").filter(isScope) : []);
}
