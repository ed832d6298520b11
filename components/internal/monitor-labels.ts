import type { Peer } from "./network-policy";

/** Pods that read metrics. */
export interface Scraper extends Peer {
  /** Labels that they look for on monitors and rules, beyond the platform's own, as in `{ release: "kube-prometheus-stack" }`. */
  readonly monitorLabels?: Readonly<Record<string, string>>;
}

/** What monitors and rules must carry so that all of these find them. */
export function monitorLabels(scrapers: readonly Scraper[]): Record<string, string> {
  return Object.assign({}, ...scrapers.map((scraper) => scraper.monitorLabels ?? {})) as Record<
    string,
    string
  >;
}

/** Metadata of a monitor or of rules, as all of these find it. */
export function monitorMetadata<T extends { readonly labels: Record<string, string> }>(
  metadata: T,
  scrapers: readonly Scraper[],
): T {
  return { ...metadata, labels: { ...metadata.labels, ...monitorLabels(scrapers) } };
}
