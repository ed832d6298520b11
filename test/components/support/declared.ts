import { generateKeyPairSync } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import * as settings from "@pulumi/pulumi/runtime/settings";
import { withoutSourceMaps } from "../../support/source-maps";

/** A resource as the program declared it. */
export interface Declared {
  readonly type: string;
  readonly name: string;
  // Inputs are whatever the program gave: tests look into them freely.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly inputs: any;
  /** Its provider's URN and ID, where the program gave it one. */
  readonly provider?: string;
}

/** Everything that a program declared, in order. */
export class Declaration {
  constructor(readonly resources: readonly Declared[]) {}

  /** The objects of a Kubernetes kind. */
  kind(kind: string): Declared[] {
    return this.resources.filter((resource) => resource.inputs.kind === kind);
  }

  /** The one object of a kind with this name in the cluster. */
  object(kind: string, name: string): Declared["inputs"] {
    const found = this.kind(kind).filter((resource) => resource.inputs.metadata.name === name);
    if (found.length !== 1) throw new Error(`${found.length} objects ${kind}/${name}`);
    return found[0]!.inputs;
  }

  types(): string[] {
    return this.resources.map((resource) => resource.type);
  }
}

/**
 * Runs a program against mocks: keys are real, certificates are texts, Kubernetes objects come back as declared,
 * with a name where the provider would choose one. An object
 * of a `slow` kind or name is made late and listed when it is there, so that whatever does not wait for it comes first.
 */
export async function declare(program: () => unknown, slow: readonly string[] = []): Promise<Declaration> {
  const resources: Declared[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: async (args) => {
        if (slow.includes(args.inputs.kind) || slow.includes(args.name))
          await new Promise((resolve) => setTimeout(resolve, 50));
        const { type, name, inputs, provider } = args;
        resources.push({ type, name, inputs, ...(provider ? { provider } : {}) });
        return { id: `${args.name}-id`, state: { ...args.inputs, ...outputsOf(args) } };
      },
      call: ({ inputs }) => ({ ...AWS_ANSWERS, availabilityZone: zoneOf(inputs.id) }),
    },
    "slipway",
    "local",
    false,
  );
  await withoutSourceMaps(async () => {
    program();
    // Marked internal, but it is what the SDK itself waits for at a program's end; `disconnect` would end the process's mocks.
    await (settings as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();
  });
  return new Declaration(resources);
}

/** What every function of the AWS provider is answered with; each takes its own part. */
const AWS_ANSWERS = {
  accountId: "123456789012",
  names: ["eu-central-1a", "eu-central-1b", "eu-central-1c"],
  partition: "aws",
  password: "ecr-token",
  region: "eu-central-1",
  userName: "AWS",
};

/** Subnets are called `subnet-a` and so on, after their zones. */
function zoneOf(id: unknown): string {
  return `${AWS_ANSWERS.region}${String(id).at(-1)}`;
}

function outputsOf({ type, name, inputs }: Declared): Record<string, unknown> {
  if (type === "tls:index/privateKey:PrivateKey") {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    return {
      privateKeyPem: privateKey.export({ type: "sec1", format: "pem" }).toString(),
      privateKeyPemPkcs8: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      publicKeyPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
    };
  }
  if (type === "tls:index/certRequest:CertRequest") return { certRequestPem: `request ${name}` };
  if (type.startsWith("aws:")) return awsOutputs({ type, name, inputs });
  if (type === "command:local:Command") return { stdout: `printed by ${name}` };
  if (type.startsWith("tls:index/")) return { certPem: `certificate ${name}` };
  if (inputs.metadata && !inputs.metadata.name)
    return { metadata: { ...inputs.metadata, name: `${name}-chosen` } };
  return {};
}

function awsOutputs({ type, name, inputs }: Declared): Record<string, unknown> {
  const chosen = { name: inputs.name ?? name, arn: `arn:aws:mock:eu-central-1:123456789012:${name}` };
  if (type === "aws:ecr/repository:Repository") {
    const repositoryUrl = `123456789012.dkr.ecr.eu-central-1.amazonaws.com/${chosen.name}`;
    return { ...chosen, registryId: "123456789012", repositoryUrl };
  }
  if (type === "aws:s3/bucket:Bucket") return { ...chosen, bucket: inputs.bucket ?? `${name}-1234567` };
  if (type !== "aws:eks/cluster:Cluster") return { ...chosen, latestVersion: 1 };
  return {
    ...chosen,
    endpoint: "https://cluster.example.com",
    certificateAuthority: { data: "Y2E=" },
    vpcConfig: { ...inputs.vpcConfig, clusterSecurityGroupId: "sg-cluster" },
  };
}
