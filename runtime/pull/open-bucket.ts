import type { S3Access } from "./s3-access";
import type { Bucket, Failure } from "./s3-client";

export type { Bucket, Failure } from "./s3-client";

/** A bucket's client: the AWS SDK is loaded only where it is used. */
export function openBucket(name: string, access: S3Access, fail: Failure): Bucket {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded on use; `import()` cannot load TypeScript in a checkout
  const { Bucket } = require("./s3-client") as typeof import("./s3-client");
  return new Bucket(name, access, fail);
}
