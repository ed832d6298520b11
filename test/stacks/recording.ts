import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../toolchain/paths";
import { awsProvider } from "../../toolchain/plugins/aws/provider";
import { HELM_RELEASE } from "../../toolchain/plugins/kubernetes/kinds";
import { KubernetesProvider } from "../../toolchain/plugins/kubernetes/provider";
import { startProvider } from "../../toolchain/plugins/shared";
import { Recorder } from "../../toolchain/plugins/shared/preview-only/recorder";
import { SdkTypes } from "../../toolchain/plugins/shared/preview-only/sdk-types";
import type * as api from "../../toolchain/plugins/shared/provider";
import { isObject } from "../../toolchain/plugins/shared/values";
import { version as awsVersion } from "@pulumi/aws/package.json";
import { version as kubernetesVersion } from "@pulumi/kubernetes/package.json";

/** AWS' answers for what components read of a nested output. */
class AwsAnswers extends Recorder {
  override create(...[request, planned, described]: Parameters<Recorder["create"]>): api.CreateResult {
    const { id, outputs } = super.create(request, planned, described);
    if (request.type !== "aws:eks/cluster:Cluster") return { id, outputs };
    const vpcConfig = isObject(outputs.vpcConfig) ? outputs.vpcConfig : {};
    return {
      id,
      outputs: {
        ...outputs,
        endpoint: "https://cluster.recorded.invalid",
        certificateAuthority: { data: "Y2VydGlmaWNhdGU=" },
        vpcConfig: { ...vpcConfig, clusterSecurityGroupId: "sg-recorded", vpcId: "vpc-recorded" },
      },
    };
  }
}

/** The Kubernetes provider, all of it but the cluster: objects are written down where they would be applied, charts are not fetched. */
class RecordingKubernetes extends KubernetesProvider {
  constructor(private readonly folder: string) {
    super(kubernetesVersion);
  }

  override configure(request: api.ConfigureRequest): Promise<void> {
    return super.configure({
      ...request,
      // Whatever this machine's own kubeconfig leads to is none of a test's business.
      config: { kubeconfig: "{}", renderYamlToDirectory: this.folder },
    });
  }

  override async create(request: api.CreateRequest): Promise<api.CreateResult> {
    if (request.type !== HELM_RELEASE || request.preview) return super.create(request);
    const { name, namespace, chart, version } = request.inputs;
    const status = { name, namespace, chart, version, revision: 1, status: "deployed" };
    return { id: `${String(namespace)}/${String(name)}`, outputs: { ...request.inputs, status } };
  }
}

/** Stand-ins for AWS and for a cluster that remember what they were told and change nothing anywhere. */
export interface RecordingClouds {
  /** What has the engine use them. */
  readonly env: NodeJS.ProcessEnv;
  close(): void;
}

export async function recordingClouds(): Promise<RecordingClouds> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-recorded-"));
  const types = SdkTypes.find("@pulumi/aws", projectRoot);
  const aws = await startProvider(awsProvider({ version: awsVersion, types, recorder: new AwsAnswers() }));
  const kubernetes = await startProvider(new RecordingKubernetes(folder));
  return {
    env: { PULUMI_DEBUG_PROVIDERS: `aws:${aws.port},kubernetes:${kubernetes.port}` },
    close: () => {
      aws.close();
      kubernetes.close();
      rmSync(folder, { recursive: true });
    },
  };
}
