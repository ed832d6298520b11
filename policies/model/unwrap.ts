// The policy SDK wraps properties in a proxy that throws on every unknown value. Rules tell unknown values from
// absent ones themselves (see field.ts), one judgement at a time, so they read the object behind the proxy.
const TARGET = "__getSpecialProxyTarget";
const IS_PROXY = "__isSpecialProxy";

/** The plain properties behind the SDK's proxy; a plain object is given back as it is. */
export function unwrapProperties(props: Record<string, unknown>): unknown {
  return props[IS_PROXY] === true ? props[TARGET] : props;
}
