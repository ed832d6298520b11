import { textOf } from "../shared/preview-only/provider";
import type { CloudFunction } from "../shared/preview-only/provider";
import { isList, reveal, Secret } from "../shared/values";
import type { Properties, Value } from "../shared/values";
import { policyDocument } from "./policy-document";
import { partitionOf, regionOf } from "./region";

/** AWS's own account number for documentation. */
const EXAMPLE_ACCOUNT = "123456789012";

const region: CloudFunction = (args, config) => {
  const name = regionOf(args, config);
  const endpoint = `ec2.${name}.${partitionOf(name).dnsSuffix}`;
  return { id: name, name, region: name, description: name, endpoint };
};

const partition: CloudFunction = (args, config) => {
  const found = partitionOf(regionOf(args, config));
  const { dnsSuffix, reverseDnsPrefix } = found;
  return { id: found.partition, partition: found.partition, dnsSuffix, reverseDnsPrefix };
};

/** A program picks zones by index while it runs, so that they must be known: the names that nearly every region has. */
const availabilityZones: CloudFunction = (args, config) => {
  const name = regionOf(args, config);
  const excluded: Value = reveal(args.excludeNames);
  const names = ["a", "b", "c"].map((letter) => `${name}${letter}`);
  const kept = isList(excluded) ? names.filter((zone) => !excluded.includes(zone)) : names;
  return { ...args, id: name, region: name, names: kept, zoneIds: kept, groupNames: [name] };
};

const callerIdentity: CloudFunction = (args, config) => {
  const allowed: Value = reveal(config.allowedAccountIds);
  const [first] = isList(allowed) ? allowed : [];
  const accountId = typeof first === "string" ? first : EXAMPLE_ACCOUNT;
  const arn = `arn:${partitionOf(regionOf(args, config)).partition}:iam::${accountId}:root`;
  return { id: accountId, accountId, arn, userId: accountId };
};

/** Stands where a preview cannot know a text. The engine refuses unknown results of functions. */
const PLACEHOLDER = "known-only-to-aws";

/** An ID of the right shape that no resource has. */
function placeholderId(prefix: string): string {
  return `${prefix}-${"0".repeat(17)}`;
}

/** Echoes the arguments; the other results are of the right shape, but made up. */
function madeUp(results: Properties, arn?: string): CloudFunction {
  return (args, config) => {
    const region = regionOf(args, config);
    const prefix = `arn:${partitionOf(region).partition}`;
    const made =
      arn === undefined ? {} : { arn: `${prefix}:${arn}:${region}:${EXAMPLE_ACCOUNT}:${PLACEHOLDER}` };
    return { id: PLACEHOLDER, region, ...made, ...results, ...args };
  };
}

/** The official provider's names for what a service is called in a policy. */
const servicePrincipal: CloudFunction = (args, config) => {
  const name = regionOf(args, config);
  const service = textOf(args, "serviceName") ?? "";
  const suffix = "amazonaws.com";
  return {
    id: `${service}.${name}.${suffix}`,
    name: `${service}.${suffix}`,
    region: name,
    service,
    serviceName: service,
    suffix,
  };
};

/** Right anywhere and at any time. */
export const PURE_FUNCTIONS: { readonly [token: string]: CloudFunction } = {
  "aws:iam/getPolicyDocument:getPolicyDocument": policyDocument,
  "aws:index/getPartition:getPartition": partition,
  "aws:index/getRegion:getRegion": region,
  "aws:index/getServicePrincipal:getServicePrincipal": servicePrincipal,
};

/** Names whose results a program reads when it is previewed; a real update needs the real answers. */
export const PREVIEW_FUNCTIONS: { readonly [token: string]: CloudFunction } = {
  "aws:index/getAvailabilityZones:getAvailabilityZones": availabilityZones,
  "aws:index/getCallerIdentity:getCallerIdentity": callerIdentity,
  "aws:ec2/getAmi:getAmi": madeUp(
    { id: placeholderId("ami"), imageId: placeholderId("ami"), architecture: "x86_64", name: PLACEHOLDER },
    "ec2",
  ),
  "aws:ec2/getVpc:getVpc": madeUp({ id: placeholderId("vpc"), cidrBlock: "10.0.0.0/16" }, "ec2"),
  "aws:ec2/getSubnet:getSubnet": madeUp(
    { id: placeholderId("subnet"), cidrBlock: "10.0.0.0/24", vpcId: placeholderId("vpc") },
    "ec2",
  ),
  "aws:ec2/getSubnets:getSubnets": madeUp({ ids: [placeholderId("subnet")] }),
  "aws:ec2/getSecurityGroup:getSecurityGroup": madeUp(
    { id: placeholderId("sg"), vpcId: placeholderId("vpc") },
    "ec2",
  ),
  "aws:ecr/getAuthorizationToken:getAuthorizationToken": madeUp({
    authorizationToken: new Secret(PLACEHOLDER),
    password: new Secret(PLACEHOLDER),
    userName: "AWS",
    proxyEndpoint: `https://${EXAMPLE_ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com`,
    expiresAt: "1970-01-01T00:00:00Z",
  }),
  "aws:ecr/getRepository:getRepository": madeUp({ repositoryUrl: PLACEHOLDER }, "ecr"),
  "aws:eks/getCluster:getCluster": madeUp(
    { endpoint: "https://known-only-to-aws.invalid", certificateAuthorities: [{ data: "" }], identities: [] },
    "eks",
  ),
  "aws:eks/getClusterAuth:getClusterAuth": madeUp({ token: new Secret(PLACEHOLDER) }),
  "aws:eks/getAddonVersion:getAddonVersion": madeUp({ version: PLACEHOLDER }),
  "aws:iam/getRole:getRole": madeUp({ assumeRolePolicy: "{}", uniqueId: PLACEHOLDER }, "iam"),
  "aws:iam/getPolicy:getPolicy": madeUp({ policy: "{}", policyId: PLACEHOLDER }, "iam"),
  "aws:kms/getKey:getKey": madeUp({ keyState: "Enabled", keyUsage: "ENCRYPT_DECRYPT" }, "kms"),
  "aws:kms/getAlias:getAlias": madeUp({ targetKeyId: PLACEHOLDER, targetKeyArn: PLACEHOLDER }, "kms"),
  "aws:route53/getZone:getZone": madeUp({ zoneId: PLACEHOLDER, nameServers: [] }),
  "aws:secretsmanager/getSecret:getSecret": madeUp({ kmsKeyId: "" }, "secretsmanager"),
  "aws:secretsmanager/getSecretVersion:getSecretVersion": madeUp(
    { secretString: new Secret(PLACEHOLDER), versionId: PLACEHOLDER },
    "secretsmanager",
  ),
  "aws:ssm/getParameter:getParameter": madeUp(
    { value: new Secret(PLACEHOLDER), insecureValue: "", type: "String", version: 0 },
    "ssm",
  ),
};
