import { UsageError } from "../option-table";

/** How a store is asked. */
export interface S3Access {
  /** @default AWS */
  readonly endpoint?: string;
  /** @default the SDK's own search */
  readonly region?: string;
  /** `endpoint/bucket` instead of `bucket.endpoint`. @default whether there is an endpoint */
  readonly pathStyle?: boolean;
  /** Asks without credentials. @default false */
  readonly anonymous?: boolean;
}

/** @throws UsageError for an endpoint that must not be used */
export function checkEndpoint(endpoint: string, insecureHosts: readonly string[]): void {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (!url || !["http:", "https:"].includes(url.protocol)) {
    throw new UsageError(`\`--s3-endpoint\` (${endpoint}) must be an address: https://host[:port].`);
  }
  if (url.protocol === "http:" && !insecureHosts.includes(url.host)) {
    throw new UsageError(
      `\`--s3-endpoint\` (${endpoint}) speaks plain HTTP; use https://, or allow \`--insecure-registries ${url.host}\`.`,
    );
  }
}
