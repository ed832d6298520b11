import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup";
import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import { getPartitionOutput } from "@pulumi/aws/getPartition";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import { Role } from "@pulumi/aws/iam/role";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy";
import { Alias } from "@pulumi/aws/lambda/alias";
import { Function as LambdaFunction } from "@pulumi/aws/lambda/function";
import { ProvisionedConcurrencyConfig } from "@pulumi/aws/lambda/provisionedConcurrencyConfig";
import * as pulumi from "@pulumi/pulumi";
import type { RuntimeImage } from "../image/runtime-image";
import { serviceTrust } from "../internal/aws-policies";
import { createEncryptionKey, LOG_GROUPS } from "../internal/encryption-key";
import { createFunctionApi, logName } from "../internal/serverless-api";
import { functionImageProblem } from "../internal/serverless-checks";
import { functionEnvironment } from "../internal/serverless-environment";
import {
  environmentPermissions,
  logPermissions,
  networkPermissions,
  tracePermissions,
} from "../internal/serverless-permissions";
import { resolveServerless } from "../internal/serverless-resolve";
import { decryptPermission, readPermissions } from "../model/repository-grant";
import { keyOf } from "../model/s3-repository";
import type { IamCallers, JwtCallers, ResolvedServerless, ServerlessSettings } from "./serverless-settings";

/** Inputs of a ServerlessEndpoint; the settings of ServerlessSettings have defaults of their own. */
export interface ServerlessEndpointArgs extends ServerlessSettings {
  /**
   * The server's image in a private repository of ECR in the function's region, with the digest of one platform: Lambda takes
   * no list of several, which is also what builds with provenance push. A RuntimeImage that was built for something else is refused.
   */
  readonly image: pulumi.Input<string> | RuntimeImage;
  /** How every route asks who calls; an endpoint that does not ask cannot be had. */
  readonly auth: IamCallers | JwtCallers;
}

/** The alias that the API calls: what a version was published with changes with it, in one step. */
const ALIAS = "live";

/**
 * Models as an AWS Lambda function behind an HTTP API: the server's own image, no base image of AWS' in it, V2 requests and
 * nothing else. There is no function URL: the API is the only way in, and it asks every caller who it is.
 *
 * @example
 * const digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
 * const models = [{ name: "ocr", version: "4", sha256: digest.slice("sha256:".length) }];
 * const repository = new ModelRepository("models", { kind: "s3", clusterName: "serving", models });
 * const endpoint = new ServerlessEndpoint("ocr", {
 *   image: `123456789012.dkr.ecr.eu-central-1.amazonaws.com/slipway/runtime@${digest}`,
 *   repository,
 *   models,
 *   modelSize: "20Mi",
 *   auth: { type: "jwt", issuer: "https://login.example.com", audiences: ["slipway"] },
 *   provisionedConcurrency: 1,
 * });
 * export const url = endpoint.endpoint;
 */
export class ServerlessEndpoint extends pulumi.ComponentResource {
  /** Address of the API, to which `/v2/models/…` is added. */
  readonly endpoint: pulumi.Output<string>;
  /** What `domain.hostName` has to point at; undefined without a domain. */
  readonly domainTarget: pulumi.Output<string> | undefined;
  readonly functionName: pulumi.Output<string>;
  /** ARN of the alias: what those invoke who call the function itself. */
  readonly aliasArn: pulumi.Output<string>;
  /** What IAM policies of callers name as resource of `execute-api:Invoke`. */
  readonly invokeResource: pulumi.Output<string>;
  readonly function: LambdaFunction;
  /** The function's role, to which policies of one's own can be attached. */
  readonly role: Role;

  constructor(name: string, args: ServerlessEndpointArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:ServerlessEndpoint", name, {}, opts);
    const settings = resolveServerless(name, args);
    const parent = { parent: this };
    const tags = { ...settings.tags };

    const keyArn =
      settings.keyArn ??
      createEncryptionKey(`${name}-key`, `Environment and logs of ${name}`, [LOG_GROUPS], tags, parent).arn;
    const logs = new LogGroup(
      `${name}-logs`,
      {
        name: `/aws/lambda/${logName(name)}`,
        kmsKeyId: keyArn,
        retentionInDays: settings.logRetentionDays,
        tags,
      },
      parent,
    );
    this.role = new Role(
      `${name}-role`,
      {
        description: `Runs ${name}`,
        assumeRolePolicy: serviceTrust("lambda.amazonaws.com"),
        tags,
      },
      parent,
    );
    const { models = [], repository } = settings;
    const needed = [
      ...this.grant(name, settings, keyArn, logs),
      ...(repository ? repository.uploadsOf(models) : []),
    ];
    const image = pulumi.Resource.isInstance(args.image) ? args.image.reference : args.image;
    this.function = this.createFunction(name, image, settings, { keyArn, logs, needed });
    const alias = new Alias(
      `${name}-alias`,
      {
        name: ALIAS,
        functionName: this.function.name,
        functionVersion: this.function.version,
      },
      parent,
    );
    if (settings.provisionedConcurrency > 0) {
      new ProvisionedConcurrencyConfig(
        `${name}-provisioned`,
        {
          functionName: this.function.name,
          qualifier: alias.name,
          provisionedConcurrentExecutions: settings.provisionedConcurrency,
        },
        parent,
      );
    }
    const { api, endpoint, domainTarget } = createFunctionApi(
      name,
      settings,
      { lambda: this.function, alias, keyArn },
      parent,
    );

    this.endpoint = endpoint;
    this.domainTarget = domainTarget;
    this.functionName = this.function.name;
    this.aliasArn = alias.arn;
    this.invokeResource = pulumi.interpolate`${api.executionArn}/$default/*/v2*`;
    this.registerOutputs({
      endpoint,
      functionName: this.functionName,
      aliasArn: this.aliasArn,
      invokeResource: this.invokeResource,
      ...(domainTarget ? { domainTarget } : {}),
    });
  }

  private createFunction(
    name: string,
    image: pulumi.Input<string>,
    settings: ResolvedServerless,
    made: { keyArn: pulumi.Input<string>; logs: LogGroup; needed: pulumi.Resource[] },
  ): LambdaFunction {
    const { network } = settings;
    return new LambdaFunction(
      `${name}-function`,
      {
        description:
          `Serves ${settings.models?.map((model) => `${model.name}/${model.version}`).join(", ") ?? name}`.slice(
            0,
            256,
          ),
        packageType: "Image",
        imageUri: pulumi.output(image).apply(requireFunctionImage),
        imageConfig: { commands: ["lambda"] },
        architectures: [settings.architecture],
        role: this.role.arn,
        memorySize: settings.memoryMiB,
        ephemeralStorage: { size: settings.storageMiB },
        timeout: settings.timeout,
        reservedConcurrentExecutions: settings.reservedConcurrency,
        publish: true,
        environment: { variables: functionEnvironment(settings) },
        kmsKeyArn: made.keyArn,
        tracingConfig: { mode: "Active" },
        // The server's lines are JSON already; they are stored as they are.
        loggingConfig: { logFormat: "Text", logGroup: made.logs.name },
        ...(network === undefined
          ? {}
          : {
              vpcConfig: {
                subnetIds: [...network.subnetIds],
                securityGroupIds: [...network.securityGroupIds],
              },
            }),
        tags: { ...settings.tags },
      },
      // Models are fetched as soon as the function is there.
      { parent: this, dependsOn: made.needed },
    );
  }

  /** Everything that the role may do, each thing in a policy of its own. */
  private grant(
    name: string,
    settings: ResolvedServerless,
    keyArn: pulumi.Input<string>,
    logs: LogGroup,
  ): pulumi.Resource[] {
    const policy = (suffix: string, document: pulumi.Input<string>) =>
      new RolePolicy(`${name}-${suffix}`, { role: this.role.name, policy: document }, { parent: this });
    const policies: pulumi.Resource[] = [
      policy("log-policy", logs.arn.apply(logPermissions)),
      policy("trace-policy", tracePermissions()),
      policy("environment-policy", pulumi.output(keyArn).apply(environmentPermissions)),
    ];
    if (settings.network) policies.push(policy("network-policy", this.networkPolicy(name)));
    const { bucket } = settings.repository ?? {};
    if (bucket === undefined || settings.models === undefined) return policies;
    const models = settings.repository!.withKeys(settings.models);
    const keys = models.map((model) => keyOf(model, bucket.prefix));
    const { partition } = getPartitionOutput({}, { parent: this });
    const bucketArn = pulumi.interpolate`arn:${partition}:s3:::${bucket.name}`;
    policies.push(
      policy(
        "model-policy",
        bucketArn.apply((arn) => readPermissions(keys, arn)),
      ),
    );
    if (bucket.keyArn !== undefined) {
      const document = pulumi
        .all([bucketArn, bucket.keyArn, bucket.region])
        .apply(([arn, key, region]) => decryptPermission(arn, key, region));
      policies.push(policy("decryption-policy", document));
    }
    return policies;
  }

  private networkPolicy(name: string): pulumi.Output<string> {
    const invoke = { parent: this };
    return pulumi
      .all([getPartitionOutput({}, invoke), getRegionOutput({}, invoke), getCallerIdentityOutput({}, invoke)])
      .apply(([{ partition }, { region }, { accountId }]) =>
        networkPermissions(`arn:${partition}:lambda:${region}:${accountId}:function:${name}-function-*`),
      );
  }
}

function requireFunctionImage(image: string): string {
  const problem = functionImageProblem(image);
  if (problem) throw new pulumi.InputPropertyError({ propertyPath: "image", reason: problem });
  return image;
}
