import { PreviewOnlyProvider, textOf } from "../shared/preview-only/provider";
import type { NamingRule } from "../shared/preview-only/provider";
import type { Recorder } from "../shared/preview-only/recorder";
import type { ResourceType, SdkTypes } from "../shared/preview-only/sdk-types";
import { hasUnknown, isObject, UNKNOWN } from "../shared/values";
import type { Properties, Value } from "../shared/values";
import { PREVIEW_FUNCTIONS, PURE_FUNCTIONS } from "./functions";
import { regionOf } from "./region";

/** Types whose generated name is not just `name` with up to 255 characters. */
const NAMING: { readonly [type: string]: NamingRule } = {
  "aws:s3/bucket:Bucket": { property: "bucket", maxLength: 63, lowerCase: true },
  "aws:ecr/repository:Repository": { property: "name", maxLength: 256, lowerCase: true },
  "aws:eks/cluster:Cluster": { property: "name", maxLength: 100 },
  "aws:iam/role:Role": { property: "name", maxLength: 64 },
  "aws:iam/instanceProfile:InstanceProfile": { property: "name", maxLength: 128 },
  "aws:iam/policy:Policy": { property: "name", maxLength: 128 },
  "aws:lambda/function:Function": { property: "name", maxLength: 64 },
  "aws:apigatewayv2/api:Api": { property: "name", maxLength: 128 },
  "aws:apigatewayv2/authorizer:Authorizer": { property: "name", maxLength: 128 },
  "aws:lb/loadBalancer:LoadBalancer": { property: "name", maxLength: 32 },
  "aws:lb/targetGroup:TargetGroup": { property: "name", maxLength: 32 },
};

/** Of the types that a serving stack uses: what AWS cannot change in place. Names are covered by the naming rules. */
const REPLACE_ON_CHANGE: { readonly [type: string]: readonly string[] } = {
  "aws:ec2/vpc:Vpc": ["cidrBlock", "instanceTenancy"],
  "aws:ec2/subnet:Subnet": ["vpcId", "cidrBlock", "availabilityZone"],
  "aws:ec2/securityGroup:SecurityGroup": ["description", "vpcId"],
  "aws:ec2/routeTable:RouteTable": ["vpcId"],
  "aws:ec2/natGateway:NatGateway": ["subnetId", "connectivityType"],
  "aws:ec2/launchTemplate:LaunchTemplate": [],
  "aws:eks/cluster:Cluster": ["roleArn", "encryptionConfig"],
  "aws:eks/nodeGroup:NodeGroup": [
    "clusterName",
    "nodeRoleArn",
    "subnetIds",
    "instanceTypes",
    "amiType",
    "diskSize",
  ],
  "aws:eks/addon:Addon": ["clusterName", "addonName"],
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": ["clusterName", "namespace", "serviceAccount"],
  "aws:iam/role:Role": ["path"],
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ["role", "policyArn"],
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": ["url"],
  "aws:apigatewayv2/api:Api": ["protocolType"],
  "aws:apigatewayv2/integration:Integration": ["apiId", "integrationType"],
  "aws:apigatewayv2/route:Route": ["apiId"],
  "aws:apigatewayv2/stage:Stage": ["apiId"],
  "aws:ecr/repository:Repository": ["encryptionConfigurations"],
  "aws:lambda/alias:Alias": ["functionName"],
  "aws:lambda/function:Function": ["packageType"],
  "aws:lambda/permission:Permission": ["action", "function", "principal", "qualifier", "sourceArn"],
  "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": ["functionName", "qualifier"],
  "aws:s3/bucket:Bucket": ["objectLockEnabled"],
  "aws:s3/bucketVersioning:BucketVersioning": ["bucket"],
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ["bucket"],
  "aws:s3/bucketPolicy:BucketPolicy": ["bucket"],
  "aws:s3/bucketLogging:BucketLogging": ["bucket"],
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ["bucket"],
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ["bucket"],
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": ["bucket"],
};

const DEFAULT_NAMING: NamingRule = { property: "name", maxLength: 255 };

function naming(type: string, described: ResourceType): NamingRule | undefined {
  const rule = NAMING[type] ?? DEFAULT_NAMING;
  return described.required.includes(rule.property) ? undefined : rule;
}

/** The provider's `defaultTags` reach it as JSON text. */
function defaultTags(config: Properties): Value {
  const text = textOf(config, "defaultTags");
  if (text === undefined) return hasUnknown(config.defaultTags) ? UNKNOWN : {};
  return (JSON.parse(text) as { tags?: Properties }).tags ?? {};
}

function allTags(inputs: Properties, config: Properties): Value {
  const [defaults, tags] = [defaultTags(config), inputs.tags ?? {}];
  return isObject(defaults) && isObject(tags) ? { ...defaults, ...tags } : UNKNOWN;
}

export interface AwsProviderOptions {
  readonly version: string;
  readonly types: SdkTypes;
  /** See `PreviewOnlyOptions.recorder`. */
  readonly recorder?: Recorder;
}

/** AWS, as far as it can be previewed without an account. */
export function awsProvider({ version, types, recorder }: AwsProviderOptions): PreviewOnlyProvider {
  return new PreviewOnlyProvider({
    name: "aws",
    version,
    types,
    recorder,
    naming,
    replaceOnChange: REPLACE_ON_CHANGE,
    pureFunctions: PURE_FUNCTIONS,
    previewFunctions: PREVIEW_FUNCTIONS,
    knownOutputs(type, inputs, config) {
      const outputs = types.describe(type)?.outputs;
      return {
        ...(outputs?.has("region") ? { region: regionOf(inputs, config) } : {}),
        ...(outputs?.has("tagsAll") ? { tagsAll: allTags(inputs, config) } : {}),
      };
    },
  });
}
