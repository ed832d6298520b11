import type { Field } from "./field";

/**
 * The setting by which Envoy Gateway's `clientValidation` lets callers in without a certificate of its authorities; undefined where
 * none does. `mode` outweighs the older `optional`: so it does in Envoy Gateway 1.9.
 * @throws UnknownRead
 */
export function leniencyOf(validation: Field): Field | undefined {
  const mode = validation.get("mode");
  if (mode.exists()) return mode.string() === "RequireAndVerify" ? undefined : mode;
  const optional = validation.get("optional");
  return optional.isOff() ? undefined : optional;
}

/** Whether every caller has to show a certificate of one of the authorities. @throws UnknownRead */
export function demandsCertificate(validation: Field): boolean {
  return validation.get("caCertificateRefs").items().length > 0 && leniencyOf(validation) === undefined;
}
