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
  /** Read anew from time to time, as files of a Secret change. @default the SDK's own search */
  readonly credentials?: () => StaticCredentials;
  /** Attempts that the SDK makes. @default 1 */
  readonly attempts?: number;
  /** What the flags begin with that say all this: sentences name them. @default "--s3" */
  readonly flags?: "--s3" | "--payload-s3";
}

export interface StaticCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** How the store is asked to encrypt an object. */
export interface Encryption {
  readonly algorithm: "AES256" | "aws:kms";
  /** Id or ARN. @default the account's `aws/s3` */
  readonly kmsKey?: string;
}

/** How an object is stored. */
export interface PutOptions {
  readonly contentType: string;
  readonly contentEncoding?: string;
  readonly encryption?: Encryption;
  readonly signal?: AbortSignal;
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
