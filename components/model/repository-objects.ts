import { getPartitionOutput } from "@pulumi/aws/getPartition";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import * as pulumi from "@pulumi/pulumi";
import { ENV } from "../../runtime/contract";
import type { IdentityToken, ModelAccess } from "../internal/model-access";
import { AGENT_ADDRESS, IDENTITY_ENVIRONMENT, IDENTITY_TOKEN } from "../internal/pod-identity";
import { parseS3Source } from "../internal/references";
import { checkGrantSize, createGrant } from "./repository-grant";
import { ANY_ADDRESS, type ModelReference, type RegistryAddress } from "./repository-models";
import { createStorage } from "./repository-storage";
import { keyOf, plainBucketName, S3_DEFAULTS, type S3RepositoryArgs } from "./s3-repository";

/** The bucket of an "s3" repository: where models are uploaded to. */
export interface RepositoryBucket {
  readonly name: pulumi.Output<string>;
  /** Folder of the bucket that models lie in; "" for the bucket itself. */
  readonly prefix: string;
  /** KMS key of the objects; undefined where S3 encrypts with keys of its own. */
  readonly keyArn: pulumi.Output<string> | undefined;
  readonly region: pulumi.Output<string>;
}

const POD_IDENTITY_AGENT: RegistryAddress = { cidr: `${AGENT_ADDRESS}/32`, except: [], port: 80 };

const PULL_TOKEN: IdentityToken = {
  ...IDENTITY_TOKEN,
  // The server takes requests of strangers, and has no use for the role.
  podAnnotations: { "eks.amazonaws.com/skip-containers": "server" },
};

/** By which Pulumi finds a provider of AWS. */
const AWS = "aws:iam/role:Role";

/** The models of an "s3" repository. */
export class ObjectStore {
  readonly bucket: RepositoryBucket;
  private readonly bucketArn: pulumi.Output<string>;

  constructor(
    private readonly name: string,
    private readonly args: S3RepositoryArgs,
    private readonly component: pulumi.Resource,
  ) {
    const invoke = { parent: component };
    const { existing } = args;
    const own = existing ? undefined : createStorage(name, args, component);
    const bucketName = own?.bucketName ?? pulumi.output(existing!.bucket);
    this.bucket = {
      name: bucketName,
      prefix: args.prefix ?? S3_DEFAULTS.prefix,
      keyArn: own?.keyArn ?? (existing?.keyArn === undefined ? undefined : pulumi.output(existing.keyArn)),
      region: pulumi.output(existing?.region ?? getRegionOutput({}, invoke).region),
    };
    this.bucketArn = pulumi.interpolate`arn:${getPartitionOutput({}, invoke).partition}:s3:::${bucketName}`;
  }

  access(models: readonly ModelReference[]): ModelAccess {
    const { storeCidrs, clusterName, tags = S3_DEFAULTS.tags } = this.args;
    const { name, prefix, keyArn, region } = this.bucket;
    const ranges = storeCidrs?.map((cidr) => ({ cidr, except: [] })) ?? [ANY_ADDRESS];
    return {
      registries: [POD_IDENTITY_AGENT, ...ranges.map((range) => ({ ...range, port: 443 }))],
      env: [
        { name: ENV.s3Region, value: region },
        ...Object.entries(IDENTITY_ENVIRONMENT).map(([variable, value]) => ({ name: variable, value })),
        // Without credentials of its own a pod must fail, and not try the node's.
        { name: "AWS_EC2_METADATA_DISABLED", value: "true" },
      ],
      token: PULL_TOKEN,
      sourceOf: (model) => name.apply((bucket) => sourceIn(bucket, prefix, model)),
      grant: (grantName, account, opts) => {
        const keys = models.map((model) => keyOf(model, prefix));
        const { bucketArn } = this;
        checkGrantSize(this.name, keys, this.plainName(), keyArn !== undefined);
        const grant = { clusterName, account, keys, bucketArn, keyArn, region, tags };
        return createGrant(grantName, grant, { ...opts, ...this.providerFor(opts.parent) });
      },
    };
  }

  /** The repository's provider of AWS for a service that has none of its own: it may know nothing but its cluster's. */
  private providerFor(service: pulumi.Resource | undefined): pulumi.CustomResourceOptions {
    const provider = service?.getProvider(AWS) ? undefined : this.component.getProvider(AWS);
    return provider ? { provider } : {};
  }

  /** The bucket's name, or where it is known only later, one that is not longer. */
  private plainName(): string {
    return plainBucketName(this.args) ?? (this.args.existing ? "" : `${this.name}-bucket-1234567`);
  }
}

function sourceIn(bucket: string, prefix: string, model: ModelReference): string {
  const named = parseS3Source(model.source ?? "")?.bucket ?? bucket;
  // Where the name is plain, this was found before; it may be known only now.
  if (named !== bucket) {
    throw new pulumi.InputPropertyError({
      propertyPath: "models",
      reason: `"${model.source}" must lie in the repository's bucket (${bucket})`,
    });
  }
  return `s3://${bucket}/${keyOf(model, prefix).key}`;
}
