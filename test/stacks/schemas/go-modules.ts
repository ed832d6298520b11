import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHARTS } from "../../../components/internal/platform-charts";
import { GO_ENVIRONMENT, findGo } from "../../../toolchain/build/go-toolchain";
import { runProgram } from "../../../toolchain/build/run-program";
import { GO_GROUPS } from "../../../toolchain/build/tool-groups";

/** A Go module that has schemas among its files. */
export interface SchemaModule {
  readonly module: string;
  /** Absent: the version and the sum are those of the embedded cluster. */
  readonly pinned?: { readonly version: string; readonly sum: string };
  /** Folders, or single files, that lie in it. */
  readonly paths: readonly string[];
}

/** What the API server itself knows. */
export const KUBERNETES: SchemaModule = {
  module: "k8s.io/kubernetes",
  paths: ["api/openapi-spec/v3"],
};

const charted = (
  module: string,
  chart: { readonly version: string },
  sum: string,
  path: string,
): SchemaModule => ({
  module,
  pinned: { version: `v${chart.version.replace(/^v/, "")}`, sum },
  paths: [path],
});

/** CRDs of all that a platform may have: in the versions of the embedded cluster, or of the charts of PlatformServices. */
export const CRDS: readonly SchemaModule[] = [
  {
    module: "github.com/envoyproxy/gateway",
    paths: [
      "charts/gateway-helm/charts/crds/crds/generated",
      "charts/gateway-helm/charts/crds/crds/gatewayapi-crds.yaml",
    ],
  },
  {
    module: "github.com/prometheus-operator/prometheus-operator",
    paths: ["example/prometheus-operator-crd"],
  },
  charted(
    "github.com/cert-manager/cert-manager",
    CHARTS.certManager,
    "h1:0LttV37Q5c2CBNoHkjuI8sLKTXWZDC2SwQkxrBMKV9w=",
    "deploy/crds",
  ),
  charted(
    "github.com/fluxcd/flagger",
    CHARTS.flagger,
    "h1:JAb2mE3AAO5Y/JkfHy6xbFDPDPk9lGvqXwmtztNbdhw=",
    "artifacts/flagger/crd.yaml",
  ),
  charted(
    "github.com/kedacore/keda/v2",
    CHARTS.keda,
    "h1:SR60v8uIcelbveS8n/1jcl8tLdBBIbHMxmdOHw8tKqA=",
    "config/crd/bases",
  ),
  charted(
    "sigs.k8s.io/karpenter",
    CHARTS.karpenter,
    "h1:+SXlqYNb9FIKRpDgPPRnphVmWbrWLw4tgzKezr372Mc=",
    "pkg/apis/crds",
  ),
  charted(
    "github.com/aws/karpenter-provider-aws",
    CHARTS.karpenter,
    "h1:QVQ947vQKzxM87aDbpZBtUnlVRVcU75c/RMlgVyX7nc=",
    "pkg/apis/crds/karpenter.k8s.aws_ec2nodeclasses.yaml",
  ),
  {
    // No chart of the platform brings it: services ask for it by `recommendResources`.
    module: "k8s.io/autoscaler/vertical-pod-autoscaler",
    pinned: { version: "v1.8.1", sum: "h1:Pe8bV1wozN4gOKO1rleiIY5alIyAXN+DnXDbXQcL4fI=" },
    paths: ["deploy/vpa-v1-crd-gen.yaml"],
  },
];

interface Downloaded {
  readonly Dir?: string;
  readonly Sum?: string;
  readonly Error?: string;
}

/** Where a module's files are, downloaded where Go's cache lacks them. @throws Error where they are not those that were pinned */
export async function moduleFolder({ module, pinned }: SchemaModule): Promise<string> {
  const go = await findGo();
  if (!go) throw new Error("Go was not found on PATH");
  // Outside of every module there is no go.sum that the download would add to.
  const scratch = mkdtempSync(join(tmpdir(), "slipway-module-"));
  try {
    const { stdout, stderr } = await runProgram(
      go.path,
      ["mod", "download", "-json", pinned ? `${module}@${pinned.version}` : module],
      {
        cwd: pinned ? scratch : GO_GROUPS.cluster.graph,
        // The pinned sum says as much as the public database of sums.
        env: { ...GO_ENVIRONMENT, ...(pinned ? { GOSUMDB: "off" } : {}) },
      },
    );
    const { Dir, Sum, Error: problem }: Downloaded = stdout.trim() === "" ? {} : JSON.parse(stdout);
    if (!Dir) throw new Error(`${module} cannot be had: ${problem ?? stderr}`);
    if (pinned && Sum !== pinned.sum)
      throw new Error(
        `the sum of ${module} ${pinned.version} is ${Sum}, and ${pinned.sum} is pinned in ${__filename}`,
      );
    return Dir;
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
