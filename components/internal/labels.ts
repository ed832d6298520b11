/** Every object of the platform carries it; Prometheus selects monitors by it. */
export const PART_OF = { "app.kubernetes.io/part-of": "slipway" } as const;

/** Every server's pods carry it, whichever service they are of. */
export const SERVER_LABELS = { "app.kubernetes.io/name": "slipway-server" } as const;

/** What a service's pods are selected by. Immutable in a Deployment: a change replaces it. */
export function selectorLabels(service: string): Record<string, string> {
  return { ...SERVER_LABELS, "app.kubernetes.io/instance": service };
}

/** Labels of every object that belongs to a service. */
export function serviceLabels(service: string): Record<string, string> {
  return { ...selectorLabels(service), ...PART_OF };
}

/** Labels of a namespace in which only pods of the `restricted` standard may run. */
export const RESTRICTED_NAMESPACE = {
  ...PART_OF,
  "pod-security.kubernetes.io/enforce": "restricted",
  "pod-security.kubernetes.io/audit": "restricted",
  "pod-security.kubernetes.io/warn": "restricted",
} as const;

/** The API server sets this label on every namespace, so policies can name a namespace by it. */
export function namespaceSelector<T>(namespace: T): { matchLabels: { "kubernetes.io/metadata.name": T } } {
  return { matchLabels: { "kubernetes.io/metadata.name": namespace } };
}
