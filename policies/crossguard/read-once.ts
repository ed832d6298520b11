import { rememberHidden } from "../model/hidden-secrets";
import { hideMarked } from "./hide-marked";

type Properties = Record<string, unknown>;

/** The policy SDK's module that reads properties from the wire. */
export interface Deserializer {
  deserializeProperties: (properties: object, proxySecrets: boolean) => Properties;
}

/**
 * The policy SDK reads a resource's properties from the wire for every rule anew, which in a large stack is most of what a
 * pack of many rules costs. Rules do not change what they read, so that all of them can have the same copy.
 */
export function readPropertiesOnce(module: Deserializer): void {
  const read = module.deserializeProperties;
  const known = new WeakMap<object, Properties>();
  module.deserializeProperties = (properties, proxySecrets) => {
    // A remediation changes what it is given: it has its own copy.
    if (proxySecrets) return read(properties, proxySecrets);
    let plain = known.get(properties);
    if (!plain) {
      known.set(properties, (plain = read(properties, proxySecrets)));
      rememberHidden(plain, () => hideMarked(read(properties, true)));
    }
    return plain;
  };
}
