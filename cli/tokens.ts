import { readFileSync } from "node:fs";
import { importPKCS8, SignJWT } from "jose";
import type { LocalSession } from "./local-session";

/** What a token may do: call models, manage the repository, read metrics. */
export const SCOPES = ["infer", "admin", "metrics"] as const;
export type Scope = (typeof SCOPES)[number];

export interface TokenRequest {
  subject: string;
  scopes: Scope[];
  /** Lifetime as jose takes it: "30m", "1h", "7 days". */
  ttl: string;
}

/** A signed JWT (ES256, audience `slipway`) that the stack's gateway accepts. */
export async function mintToken(
  session: Pick<LocalSession, "tokenKey" | "tokenKeyId" | "tokenIssuer">,
  request: TokenRequest,
): Promise<string> {
  const key = await importPKCS8(readFileSync(session.tokenKey, "utf8"), "ES256");
  return new SignJWT({ scope: request.scopes.join(" ") })
    .setProtectedHeader({ alg: "ES256", kid: session.tokenKeyId, typ: "JWT" })
    .setSubject(request.subject)
    .setIssuer(session.tokenIssuer)
    .setAudience("slipway")
    .setIssuedAt()
    .setExpirationTime(request.ttl)
    .sign(key);
}
