import { textOf } from "../shared/preview-only/provider";
import type { Properties } from "../shared/values";

/** Where a preview takes place when neither the program nor the environment says. */
const DEFAULT_REGION = "us-east-1";

/** The region that a call is for: its own argument, the provider's, the environment's. */
export function regionOf(args: Properties, config: Properties): string {
  return (
    textOf(args, "region") ??
    textOf(config, "region") ??
    process.env.AWS_REGION ??
    process.env.AWS_DEFAULT_REGION ??
    DEFAULT_REGION
  );
}

interface Partition {
  readonly partition: string;
  readonly dnsSuffix: string;
  readonly reverseDnsPrefix: string;
}

const PARTITIONS: readonly (Partition & { readonly prefix: string })[] = [
  { prefix: "cn-", partition: "aws-cn", dnsSuffix: "amazonaws.com.cn", reverseDnsPrefix: "cn.com.amazonaws" },
  {
    prefix: "us-gov-",
    partition: "aws-us-gov",
    dnsSuffix: "amazonaws.com",
    reverseDnsPrefix: "com.amazonaws",
  },
  { prefix: "", partition: "aws", dnsSuffix: "amazonaws.com", reverseDnsPrefix: "com.amazonaws" },
];

/** The partition that a region is in. */
export function partitionOf(region: string): Partition {
  const found = PARTITIONS.find(({ prefix }) => region.startsWith(prefix));
  if (found === undefined) throw new TypeError(`No partition for region "${region}".`);
  return found;
}
