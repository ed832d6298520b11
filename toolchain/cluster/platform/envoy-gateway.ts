import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { KubernetesObject } from "../kubernetes-api";
import { runCommand } from "../run-command";
import { CLUSTER_DOMAIN } from "../settings";
import { cachedObjects, parseManifest } from "./manifest";

export const ENVOY_GATEWAY_NAMESPACE = "envoy-gateway-system";
const RELEASE = "envoy-gateway";

export interface EnvoyGatewayInputs {
  /** Folder of the Go module, which holds the charts. */
  readonly moduleDir: string;
  readonly helm: string;
  /** The controller's image; it also runs beside each Envoy to drain it. */
  readonly image: string;
  /** Envoy's own image. */
  readonly envoyImage: string;
  readonly cacheDir: string;
}

/** Values that differ from the chart's own. */
function chartValues({ image, envoyImage }: EnvoyGatewayInputs): object {
  return {
    global: {
      images: {
        envoyGateway: { image, pullPolicy: "IfNotPresent" },
        envoyProxy: { image: envoyImage, pullPolicy: "IfNotPresent" },
      },
    },
    config: {
      envoyGateway: {
        // There is one. Without it, a leader that lost its lease while the API server was away lived on, idle, until
        // its liveness probe ended it a minute later.
        provider: { kubernetes: { leaderElection: { disable: true } } },
      },
    },
    deployment: {
      envoyGateway: { resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } } },
    },
    // Its webhook tells proxies in which zone they run; the one node has none.
    topologyInjector: { enabled: false },
    kubernetesClusterDomain: CLUSTER_DOMAIN,
  };
}

/** The objects of the upstream chart, Gateway API's and its own CRDs included; hooks are run by {@link runCertgen}. */
export function envoyGatewayObjects(inputs: EnvoyGatewayInputs): Promise<KubernetesObject[]> {
  const chart = join(inputs.moduleDir, "charts", "gateway-helm");
  const template = readFileSync(join(chart, "values.tmpl.yaml"), "utf8");
  const values = JSON.stringify(chartValues(inputs));
  // A module's folder is named after its version and never changes.
  const cacheInputs = [inputs.moduleDir, template, values];
  return cachedObjects(inputs.cacheDir, "envoy-gateway", cacheInputs, () =>
    render(inputs.helm, chart, template, values),
  );
}

async function render(
  helm: string,
  chart: string,
  template: string,
  values: string,
): Promise<KubernetesObject[]> {
  const dir = mkdtempSync(join(tmpdir(), "slipway-helm-"));
  try {
    const [defaults, overrides] = [join(dir, "defaults.yaml"), join(dir, "overrides.yaml")];
    // The release process of upstream fills in the two variables; the overrides do it here.
    writeFileSync(defaults, stringify(parse(template.replace(/\$\{\w+\}/g, '""'))));
    writeFileSync(overrides, values);
    const args = [
      "template",
      RELEASE,
      chart,
      "--namespace",
      ENVOY_GATEWAY_NAMESPACE,
      "--include-crds",
      "--no-hooks",
    ];
    const home = { HELM_CACHE_HOME: dir, HELM_CONFIG_HOME: dir, HELM_DATA_HOME: dir };
    return parseManifest(
      await runCommand(helm, [...args, "--values", defaults, "--values", overrides], home),
    );
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/**
 * Makes the certificates between Envoy Gateway and its proxies, with the very program and command that the chart's
 * hook runs in a Job; run from here it does not wait for a pod. Certificates that are there stay.
 */
export async function runCertgen(envoyGateway: string, kubeconfig: string): Promise<void> {
  await runCommand(envoyGateway, ["certgen", "--disable-topology-injector"], {
    KUBECONFIG: kubeconfig,
    ENVOY_GATEWAY_NAMESPACE,
    KUBERNETES_CLUSTER_DOMAIN: CLUSTER_DOMAIN,
    HTTPS_PROXY: "",
    https_proxy: "",
  });
}
