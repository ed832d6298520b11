import type { Field } from "./field";
import { asText } from "./scalars";

/** What guards a method of a REST API. */
export type MethodGuard = "authorizer" | "api-key" | "preflight" | "none";

const AUTHORIZERS = ["AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS"];

/** @throws UnknownRead */
export function guardOf(method: Field): MethodGuard {
  if (AUTHORIZERS.includes(asText(method.get("authorization")))) return "authorizer";
  // A browser asks before it sends credentials.
  if (method.get("httpMethod").string() === "OPTIONS") return "preflight";
  return method.get("apiKeyRequired").isTrue() ? "api-key" : "none";
}
