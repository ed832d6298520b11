import { Field } from "./field";
import { UNKNOWN } from "./unknown";

/** Each way of asking callers who they are, with the member that Envoy Gateway writes out even where it is left out. */
const METHODS: readonly (readonly [method: string, required?: string])[] = [
  ["jwt", "providers"],
  ["apiKeyAuth", "credentialRefs"],
  ["basicAuth", "users"],
  ["oidc", "provider"],
  ["extAuth"],
];

/**
 * What a route's SecurityPolicy with `mergeType` and its parent's come to, as far as authentication goes. Both ways to
 * merge do the same here: the route's values take the place of the parent's one by one, lists as a whole, and what the route
 * leaves out stays the parent's. So a route can switch on what its parent left off, and the other way round.
 */
export function mergedSpec(own: Field, parent: Field): Field {
  const methods = METHODS.map(([name, required]) => [
    name,
    mergedMethod(own.get(name), parent.get(name), required),
  ]);
  return new Field(Object.fromEntries(methods), own.path);
}

function mergedMethod(own: Field, parent: Field, required: string | undefined): unknown {
  if (!own.isUnknown && !own.exists()) return raw(parent);
  if (own.isUnknown || parent.isUnknown) return UNKNOWN;
  const stated = own.entries().filter(([, member]) => member.isUnknown || member.exists());
  const members = new Map([...parent.entries(), ...stated]);
  if (required !== undefined) members.set(required, own.get(required));
  return Object.fromEntries([...members].map(([name, member]) => [name, raw(member)]));
}

/** The value with whatever is unknown in it. */
function raw(field: Field): unknown {
  return field.isUnknown ? UNKNOWN : field.value();
}
