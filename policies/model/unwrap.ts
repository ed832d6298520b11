import { UNKNOWN } from "./unknown";

// The policy SDK wraps properties in a proxy that throws on every unknown value. Rules tell unknown values from
// absent ones themselves (see field.ts), one judgement at a time, so they read the object behind the proxy.
const TARGET = "__getSpecialProxyTarget";
const IS_PROXY = "__isSpecialProxy";

/** The plain properties behind the SDK's proxy; a plain object is given back as it is. */
export function unwrapProperties(props: Record<string, unknown>): unknown {
  return props[IS_PROXY] === true ? props[TARGET] : props;
}

/**
 * The same for a resource of the whole stack. Where a provider cannot be configured yet, as that of a cluster which the same
 * preview makes, the engine has no outputs at all: all of them are unknown then, and none is absent.
 */
export function unwrapOutputs(props: Record<string, unknown>): unknown {
  const plain = unwrapProperties(props) as Record<string, unknown>;
  return Object.keys(plain).length === 0 ? UNKNOWN : plain;
}

/** What stands behind every proxy: for remediations the SDK puts one more around it, which hides what is secret. */
export function unwrapAll(props: Record<string, unknown>): Record<string, unknown> {
  const plain = unwrapProperties(props) as Record<string, unknown>;
  return plain === props ? plain : unwrapAll(plain);
}
