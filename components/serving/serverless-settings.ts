import type * as pulumi from "@pulumi/pulumi";
import type { RuntimeImage } from "../image/runtime-image";
import type { ModelReference, ModelRepository } from "../model/model-repository";

/** Callers that sign their requests with AWS credentials (SigV4); who may is said by IAM policies. */
export interface IamCallers {
  /** Kind of credentials. */
  readonly type: "iam";
}

/** Callers with a token of an OpenID Connect issuer. */
export interface JwtCallers {
  /** Kind of credentials. */
  readonly type: "jwt";
  /** The tokens' `iss`: an `https` address that has `/.well-known/openid-configuration` below it. */
  readonly issuer: pulumi.Input<string>;
  /** The tokens' `aud` must name one of these. */
  readonly audiences: readonly string[];
  /**
   * The tokens' `scope` must name one of these.
   * @default ["infer"]
   */
  readonly scopes?: readonly string[];
}

/** A name of one's own for the endpoint. */
export interface ServerlessDomain {
  /** The host name. */
  readonly hostName: string;
  /** ARN of its certificate in AWS Certificate Manager, of the function's region. */
  readonly certificateArn: pulumi.Input<string>;
  /**
   * ID of the Route 53 zone that gets a record for the name.
   * @default none: make one for `domainTarget` yourself
   */
  readonly zoneId?: pulumi.Input<string>;
}

/** A network that the function has an address in. */
export interface ServerlessNetwork {
  /** Subnets, which should lie in two zones at least; a way to S3, or wherever models are, must lead out of them. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** Security groups of the function's addresses. */
  readonly securityGroupIds: readonly pulumi.Input<string>[];
}

/** Settings of a ServerlessEndpoint that have a default. Times in seconds. */
export interface ServerlessSettings {
  /**
   * The models to serve, of the `repository`: fetched and verified before the first request.
   * @default none: the image brings them, in `imageModels`
   */
  readonly models?: readonly ModelReference[];
  /**
   * Where the models come from, of kind "s3" or "oci".
   * @default none
   */
  readonly repository?: ModelRepository;
  /**
   * Folder of the image that holds the models where none are fetched.
   * @default "/models"
   */
  readonly imageModels?: string;
  /**
   * What the files of all models that are fetched take together, as in `300Mi`. From it follow memory and disk.
   * @default none: small models are assumed
   */
  readonly modelSize?: string;
  /**
   * Instruction set that the image is made for.
   * @default "x86_64"
   */
  readonly architecture?: "x86_64" | "arm64";
  /**
   * MiB of memory, 128 to 10240; a whole core comes with every 1769. Left out, it grows by twice `modelSize`.
   * @default 2048
   */
  readonly memoryMiB?: number;
  /**
   * MiB of `/tmp`, 512 to 10240. Left out, it grows by what fetching models of `modelSize` takes at most.
   * @default 512
   */
  readonly storageMiB?: number;
  /**
   * Time that a request may take, 1 to 900. The API gives up after 30, so that more is for those who invoke the function itself.
   * @default 29
   */
  readonly timeout?: number;
  /**
   * Requests at a time, each in an environment of its own: what the function may take of the account's, and cost, at most.
   * @default 10
   */
  readonly reservedConcurrency?: number;
  /**
   * Environments that are kept started with their models loaded, and paid for, at most `reservedConcurrency`.
   * @default 0
   */
  readonly provisionedConcurrency?: number;
  /**
   * Requests per second over all callers; the API answers more with 429.
   * @default 50
   */
  readonly requestsPerSecond?: number;
  /**
   * Requests that may come at once beyond that.
   * @default 100
   */
  readonly burst?: number;
  /**
   * A name of one's own, TLS 1.2 at least; the API's generated name is then off.
   * @default the API's generated name
   */
  readonly domain?: ServerlessDomain;
  /**
   * A network for the function, where models or keys can only be had there.
   * @default none
   */
  readonly network?: ServerlessNetwork;
  /**
   * ARN of an existing KMS key for environment and logs; its policy must let CloudWatch Logs use it.
   * @default a key of the endpoint's own, rotated every year
   */
  readonly keyArn?: pulumi.Input<string>;
  /**
   * Days that logs are kept.
   * @default 365
   */
  readonly logRetentionDays?: number;
  /**
   * CloudWatch namespace for requests, errors and time per model; each model costs four metrics.
   * @default none: AWS counts the function's own only
   */
  readonly metricsNamespace?: string;
  /**
   * Further options of the server by name, as in `{ intraOpThreads: 2 }`.
   * @default {}
   */
  readonly options?: Readonly<Record<string, string | number | boolean>>;
  /**
   * Tags of every resource.
   * @default {}
   */
  readonly tags?: Readonly<Record<string, string>>;
}

/** Defaults; a test ties each to its `@default` above. */
export const SERVERLESS_DEFAULTS = {
  imageModels: "/models",
  architecture: "x86_64",
  memoryMiB: 2048,
  storageMiB: 512,
  timeout: 29,
  reservedConcurrency: 10,
  provisionedConcurrency: 0,
  requestsPerSecond: 50,
  burst: 100,
  logRetentionDays: 365,
  options: {},
  tags: {},
  scopes: ["infer"],
} as const;

/** Settings without a value of their own where they are left out. */
type Derived = "models" | "repository" | "modelSize" | "domain" | "network" | "keyArn" | "metricsNamespace";

/** Settings with every default filled in. */
export type ResolvedServerless = Required<Omit<ServerlessSettings, Derived>> &
  Pick<ServerlessSettings, Derived> & {
    readonly auth: IamCallers | Required<JwtCallers>;
    /** Bytes of `modelSize`; 0 where nobody said. */
    readonly modelBytes: number;
  };

/** What is checked with the settings. */
export interface GivenServerless extends ServerlessSettings {
  readonly image: pulumi.Input<string> | RuntimeImage;
  readonly auth: IamCallers | JwtCallers;
}
