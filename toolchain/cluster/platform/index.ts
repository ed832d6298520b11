import { createHash } from "node:crypto";
import { cacheDir } from "../../paths";
import type { Task } from "../../progress";
import type { SystemImages } from "../images";
import type { KubernetesApi, KubernetesObject } from "../kubernetes-api";
import type { ClusterContext } from "../processes/component";
import { CLUSTER_DOMAIN, DNS_IP } from "../settings";
import { applyAll } from "./apply";
import { ENVOY_GATEWAY_NAMESPACE, envoyGatewayObjects, runCertgen } from "./envoy-gateway";
import { refreshGatewayStatus } from "./gateway-status";
import { loadManifest } from "./manifest";
import { prometheusOperatorCrds } from "./prometheus-operator";
import {
  unready,
  waitForApiService,
  waitForDeployments,
  waitForEstablished,
  type DeploymentName,
} from "./ready";

const DEPLOYMENTS: readonly DeploymentName[] = [
  { namespace: "kube-system", name: "coredns" },
  { namespace: "kube-system", name: "metrics-server" },
  { namespace: ENVOY_GATEWAY_NAMESPACE, name: "envoy-gateway" },
  { namespace: "prometheus-operator", name: "prometheus-operator" },
];
const METRICS_API = "v1beta1.metrics.k8s.io";
/** Remembers in the cluster which objects were applied last, so that nothing is applied twice. */
const MARK = { namespace: "kube-system", name: "slipway-platform" };

export interface PlatformInputs {
  readonly context: ClusterContext;
  readonly tools: { path(name: string): string; moduleDir(module: string): string };
  readonly images: SystemImages;
  readonly task: Task;
  /** Whether the API server is new, beside a store that is not. */
  readonly cameBack: boolean;
}

/** A group of objects that are applied together; what a later one needs is in an earlier one. */
interface Step {
  readonly name: string;
  readonly title: string;
  readonly objects: readonly KubernetesObject[];
  /** What must be done once, before the objects are applied. */
  readonly before?: () => Promise<void>;
}

/** Installs what the stack finds in the cluster, and waits until all of it serves. */
export async function ensurePlatform(inputs: PlatformInputs): Promise<void> {
  const { context, task, cameBack } = inputs;
  const { api } = context;
  const steps = await platformSteps(inputs);
  const applied = await readMarks(api);
  const isWell = (await unready(api, DEPLOYMENTS)).length === 0;
  for (const { name, title, objects, before } of steps) {
    const digest = createHash("sha256").update(JSON.stringify(objects)).digest("hex");
    const definitions = objects.filter(isDefinition).map(({ metadata }) => metadata.name);
    // Definitions take seconds and stay as they are; the rest is applied again where anything is not well.
    if (applied[name] === digest && (isWell || definitions.length > 0)) continue;
    task.update(`installing ${title}`);
    await before?.();
    await applyAll(api, objects);
    await waitForEstablished(api, definitions);
    applied[name] = digest;
    await api.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: MARK, data: applied });
  }
  await waitForDeployments(api, DEPLOYMENTS, task);
  task.update("waiting for the metrics API");
  await waitForApiService(api, METRICS_API);
  await refreshGatewayStatus(api, cameBack, task);
}

async function readMarks(api: KubernetesApi): Promise<Record<string, string>> {
  const path = `/api/v1/namespaces/${MARK.namespace}/configmaps/${MARK.name}`;
  return (await api.get<{ data?: Record<string, string> }>(path))?.data ?? {};
}

const isDefinition = ({ kind }: KubernetesObject) => kind === "CustomResourceDefinition";

/** Each controller follows its own definitions, so that its image is fetched while the next definitions go in. */
async function platformSteps({ context, tools, images }: PlatformInputs): Promise<Step[]> {
  const { pki, layout } = context;
  const { references } = images;
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const gateway = await envoyGatewayObjects({
    moduleDir: tools.moduleDir("github.com/envoyproxy/gateway"),
    helm: tools.path("helm"),
    image: references["envoy-gateway"],
    envoyImage: references.envoy,
    cacheDir: cacheDir(),
  });
  const operatorModule = tools.moduleDir("github.com/prometheus-operator/prometheus-operator");
  const basics = [
    ...loadManifest("access"),
    ...loadManifest("coredns", { IMAGE: references.coredns, CLUSTER_DOMAIN, DNS_IP }),
    ...loadManifest("metrics-server", {
      IMAGE: references["metrics-server"],
      TLS_CERT: base64(pki.metricsServer.cert),
      TLS_KEY: base64(pki.metricsServer.key),
      TLS_DIGEST: createHash("sha256").update(pki.metricsServer.cert).digest("hex").slice(0, 16),
      CA_CERT: base64(pki.ca.cert),
    }),
  ];
  const operator = loadManifest("prometheus-operator", {
    IMAGE: references["prometheus-operator"],
    RELOADER_IMAGE: references["prometheus-config-reloader"],
    PROMETHEUS_IMAGE: references.prometheus,
  });
  const certificates = () => runCertgen(tools.path("envoy-gateway"), layout.kubeconfig);
  return [
    { name: "namespaces", title: "namespaces", objects: loadManifest("namespaces") },
    { name: "basics", title: "DNS and metrics-server", objects: basics },
    { name: "gateway-definitions", title: "Gateway API", objects: gateway.filter(isDefinition) },
    {
      name: "gateway",
      title: "Envoy Gateway",
      objects: gateway.filter((object) => !isDefinition(object)),
      before: certificates,
    },
    {
      name: "operator-definitions",
      title: "the kinds of prometheus-operator",
      objects: await prometheusOperatorCrds(operatorModule, cacheDir()),
    },
    { name: "operator", title: "prometheus-operator", objects: operator },
  ];
}
