import type { ServiceError } from "@grpc/grpc-js";
import type { Logger } from "pino";
import { ERRORS, publicError } from "../errors";

/** What a call that failed is answered with. */
export function statusOf(error: unknown, log: Logger): Pick<ServiceError, "code" | "details"> {
  const refusal = publicError(error);
  const { grpc, http } = ERRORS[refusal.code];
  if (http === 500) log.error({ err: refusal.cause ?? refusal }, "a call failed");
  return { code: grpc, details: refusal.message };
}
