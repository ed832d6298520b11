import * as pulumi from "@pulumi/pulumi";
import { resolveServerless } from "../internal/serverless-resolve";
import { Problems } from "../internal/validation";
import { ModelRepository, validateRepository } from "../model/model-repository";
import {
  ServerlessEndpoint as Endpoint,
  type ServerlessEndpointArgs as Args,
} from "../serving/serverless-endpoint";
import type { ServerlessSettings } from "../serving/serverless-settings";
import type { ModelVersion } from "./service";

/** How every route asks who calls. */
export interface ServerlessAuth {
  /** `iam` (requests signed with AWS credentials) or `jwt` (tokens of an OpenID Connect issuer). */
  readonly type: string;
  /** The tokens' `iss`, for `jwt`. */
  readonly issuer?: pulumi.Input<string>;
  /** The tokens' `aud` must name one of these; for `jwt`. */
  readonly audiences?: string[];
  /** The tokens' `scope` must name one of these; for `jwt`. Default: ["infer"]. */
  readonly scopes?: string[];
}

/** A name of one's own for the endpoint. */
export interface ServerlessDomain {
  /** The host name. */
  readonly hostName: string;
  /** ARN of its certificate in AWS Certificate Manager, of the function's region. */
  readonly certificateArn: pulumi.Input<string>;
  /** ID of the Route 53 zone that gets a record for the name. */
  readonly zoneId?: pulumi.Input<string>;
}

/** A network that the function has an address in. */
export interface ServerlessNetwork {
  /** Subnets, which should lie in two zones at least. */
  readonly subnetIds: pulumi.Input<string>[];
  /** Security groups of the function's addresses. */
  readonly securityGroupIds: pulumi.Input<string>[];
}

/** Inputs of a ServerlessEndpoint. Times in seconds. */
export interface ServerlessEndpointArgs {
  /** The server's image in a private repository of ECR, with the digest of one platform. */
  readonly image: pulumi.Input<string>;
  /** How every route asks who calls. */
  readonly auth: ServerlessAuth;
  /** Models to fetch from registries and web servers before the first request. Default: the image brings them, in `imageModels`. */
  readonly models?: ModelVersion[];
  /** Folder of the image that holds the models where none are fetched. Default: "/models". */
  readonly imageModels?: string;
  /** What the files of all models that are fetched take together, as in `300Mi`: memory and disk follow from it. */
  readonly modelSize?: string;
  /** Instruction set that the image is made for: `x86_64` or `arm64`. Default: "x86_64". */
  readonly architecture?: string;
  /** MiB of memory, 128 to 10240; it grows by twice `modelSize`. Default: 2048. */
  readonly memoryMiB?: number;
  /** MiB of `/tmp`, 512 to 10240; it grows with `modelSize`. Default: 512. */
  readonly storageMiB?: number;
  /** Time that a request may take, 1 to 900. Default: 29. */
  readonly timeout?: number;
  /** Requests at a time, each in an environment of its own. Default: 10. */
  readonly reservedConcurrency?: number;
  /** Environments that are kept started, and paid for. Default: 0. */
  readonly provisionedConcurrency?: number;
  /** Requests per second over all callers; the API answers more with 429. Default: 50. */
  readonly requestsPerSecond?: number;
  /** Requests that may come at once beyond that. Default: 100. */
  readonly burst?: number;
  /** A name of one's own, TLS 1.2 at least. Default: the API's generated name. */
  readonly domain?: ServerlessDomain;
  /** A network for the function. */
  readonly network?: ServerlessNetwork;
  /** ARN of an existing KMS key for environment and logs. Default: a key of the endpoint's own, rotated every year. */
  readonly keyArn?: pulumi.Input<string>;
  /** Days that logs are kept. Default: 365. */
  readonly logRetentionDays?: number;
  /** CloudWatch namespace for requests, errors and time per model. */
  readonly metricsNamespace?: string;
  /** Further options of the server by name, as in `intraOpThreads: "2"`. Default: {}. */
  readonly options?: { [option: string]: string };
  /** Tags of every resource. Default: {}. */
  readonly tags?: { [tag: string]: string };
}

/** Models as an AWS Lambda function behind an HTTP API that asks every caller who it is. */
export class ServerlessEndpoint extends pulumi.ComponentResource {
  /** Address of the API, to which `/v2/models/…` is added. */
  readonly endpoint: pulumi.Output<string>;
  /** What `domain.hostName` has to point at. */
  readonly domainTarget?: pulumi.Output<string>;
  /** Name of the function. */
  readonly functionName: pulumi.Output<string>;
  /** ARN of the alias: what those invoke who call the function itself. */
  readonly aliasArn: pulumi.Output<string>;
  /** What IAM policies of callers name as resource of `execute-api:Invoke`. */
  readonly invokeResource: pulumi.Output<string>;

  constructor(name: string, args: ServerlessEndpointArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:ServerlessEndpoint", name, {}, opts);
    const { image, models } = args;
    const auth = authOf(args.auth);
    const settings = endpointSettings(args);
    const problems = new Problems("ServerlessEndpoint", name);
    if (models) problems.absorb("", () => validateRepository(name, { models }));
    // Of the repository, which is made below, only what it holds is looked at.
    const later = models && { models, repository: { kind: "oci", models } as unknown as ModelRepository };
    problems.absorb("", () => resolveServerless(name, { ...settings, ...later, image, auth }));
    problems.throwIfAny();

    const parent = { parent: this };
    const stored = models && {
      models,
      repository: new ModelRepository(`${name}-models`, { models }, parent),
    };
    const made = new Endpoint(name, { ...settings, ...stored, image, auth }, parent);
    this.endpoint = made.endpoint;
    this.domainTarget = made.domainTarget;
    this.functionName = made.functionName;
    this.aliasArn = made.aliasArn;
    this.invokeResource = made.invokeResource;
    this.registerOutputs({
      endpoint: this.endpoint,
      domainTarget: this.domainTarget,
      functionName: this.functionName,
      aliasArn: this.aliasArn,
      invokeResource: this.invokeResource,
    });
  }
}

/** A schema has no unions; the component tells which fields belong together. */
function authOf({ type, issuer, audiences, scopes }: ServerlessAuth): Args["auth"] {
  const auth = type === "jwt" ? { type, issuer: issuer ?? "", audiences: audiences ?? [], scopes } : { type };
  return auth as Args["auth"];
}

/** The settings of an endpoint among its other inputs. */
export function endpointSettings(args: ServerlessEndpointArgs): ServerlessSettings {
  return {
    imageModels: args.imageModels,
    modelSize: args.modelSize,
    architecture: args.architecture as ServerlessSettings["architecture"],
    memoryMiB: args.memoryMiB,
    storageMiB: args.storageMiB,
    timeout: args.timeout,
    reservedConcurrency: args.reservedConcurrency,
    provisionedConcurrency: args.provisionedConcurrency,
    requestsPerSecond: args.requestsPerSecond,
    burst: args.burst,
    domain: args.domain,
    network: args.network,
    keyArn: args.keyArn,
    logRetentionDays: args.logRetentionDays,
    metricsNamespace: args.metricsNamespace,
    options: args.options,
    tags: args.tags,
  };
}
