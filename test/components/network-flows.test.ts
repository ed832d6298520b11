import assert from "node:assert";
import { ServingStack, type ServingStackArgs } from "../../components";
import { flowAllowed, type FlowEnd } from "../../toolchain/cluster/network-policy/simulator";
import type { PolicyState } from "../../toolchain/cluster/network-policy/objects";
import { declare } from "./support/declared";
import { stackArgs } from "./support/examples";

const REGISTRY = { ip: "10.213.77.2" };
const READER = { ip: "10.213.77.1" };
const API_SERVER = { ip: "10.96.0.1" };
const METADATA_SERVICE = { ip: "169.254.169.254" };
const INTERNET = { ip: "93.184.216.34" };

const TEXT = "slipway/text";
const VOICE = "slipway/voice";
const PROXY = "envoy-gateway-system/proxy";
const CONTROLLER = "envoy-gateway-system/controller";
const PROMETHEUS = "slipway-monitoring/prometheus";
const ALERTMANAGER = "slipway-monitoring/alertmanager";
const DNS = "kube-system/dns";
const STRANGER = "default/stranger";

const HOOK = "default/hook";

/** As the local profile has it, with somebody outside the cluster and somebody inside who are told of alerts. */
function withReceivers(): ServingStackArgs {
  const { monitoring, ...args } = stackArgs();
  const alerting = {
    receiver: "outside",
    receivers: {
      outside: { slack: { apiUrl: "https://hooks.example.com/T0" } },
      inside: {
        webhook: {
          url: "http://hook.default:8080",
          insecure: true,
          pods: { namespace: "default", podLabels: { app: "hook" }, port: 8080 },
        },
      },
    },
    routes: [{ severity: "page" as const, receiver: "inside" }],
  };
  return { ...args, monitoring: { ...(monitoring as object), alerting } };
}

type Flow = [from: FlowEnd, to: FlowEnd, port: number];

describe("network flows of the stack", () => {
  let state: PolicyState;
  before(async () => {
    const declared = await declare(() => new ServingStack("slipway", withReceivers()));
    const service = (name: string) => declared.object("Deployment", name).spec.template.metadata.labels;
    const gateway = {
      "gateway.envoyproxy.io/owning-gateway-name": "slipway",
      "gateway.envoyproxy.io/owning-gateway-namespace": "slipway",
    };
    const pods: [string, Record<string, string>][] = [
      [TEXT, service("text")],
      [VOICE, service("voice")],
      ["slipway/other", { app: "other" }],
      [PROXY, gateway],
      [CONTROLLER, { "control-plane": "envoy-gateway" }],
      [PROMETHEUS, { "app.kubernetes.io/name": "prometheus", "operator.prometheus.io/name": "prometheus" }],
      [ALERTMANAGER, { "app.kubernetes.io/name": "alertmanager", alertmanager: "prometheus" }],
      [HOOK, { app: "hook" }],
      [DNS, { "k8s-app": "kube-dns" }],
      [STRANGER, gateway],
    ];
    state = {
      policies: declared.kind("NetworkPolicy").map(({ inputs }) => inputs),
      namespaces: ["slipway", "slipway-monitoring", "envoy-gateway-system", "kube-system", "default"].map(
        (name) => ({
          metadata: { name, labels: { "kubernetes.io/metadata.name": name } },
        }),
      ),
      pods: pods.map(([path, labels], i) => {
        const [namespace, name] = path.split("/");
        return { metadata: { namespace, name, labels }, status: { podIP: `10.244.0.${i + 10}` } };
      }),
    } as PolicyState;
  });

  const allowed: Flow[] = [
    [PROXY, TEXT, 8000],
    [PROXY, TEXT, 8001],
    [PROXY, VOICE, 8000],
    [PROMETHEUS, TEXT, 8002],
    [PROMETHEUS, VOICE, 8002],
    [PROMETHEUS, PROXY, 19001],
    [PROMETHEUS, API_SERVER, 443],
    [PROMETHEUS, REGISTRY, 6443],
    [TEXT, REGISTRY, 5000],
    [READER, PROMETHEUS, 9090],
    [PROMETHEUS, ALERTMANAGER, 9093],
    [READER, ALERTMANAGER, 9093],
    [ALERTMANAGER, INTERNET, 443],
    [ALERTMANAGER, HOOK, 8080],
  ];
  const denied: Flow[] = [
    [STRANGER, TEXT, 8000],
    [CONTROLLER, TEXT, 8000],
    [PROXY, TEXT, 8002],
    [PROMETHEUS, TEXT, 8000],
    [TEXT, VOICE, 8000],
    [VOICE, TEXT, 8001],
    [TEXT, API_SERVER, 443],
    [TEXT, REGISTRY, 6443],
    [TEXT, INTERNET, 443],
    [TEXT, METADATA_SERVICE, 80],
    [TEXT, STRANGER, 80],
    [INTERNET, TEXT, 8000],
    [INTERNET, PROMETHEUS, 9090],
    [STRANGER, PROMETHEUS, 9090],
    [PROXY, PROMETHEUS, 9090],
    [PROMETHEUS, METADATA_SERVICE, 443],
    [TEXT, ALERTMANAGER, 9093],
    [STRANGER, ALERTMANAGER, 9093],
    [ALERTMANAGER, PROMETHEUS, 9090],
    [ALERTMANAGER, TEXT, 8000],
    [ALERTMANAGER, INTERNET, 80],
    [ALERTMANAGER, HOOK, 8000],
    [ALERTMANAGER, STRANGER, 8080],
    [ALERTMANAGER, METADATA_SERVICE, 443],
    [PROMETHEUS, INTERNET, 80],
    ["slipway/other", TEXT, 8000],
    ["slipway/other", INTERNET, 443],
    [PROXY, "slipway/other", 8000],
  ];
  const words = (end: FlowEnd) => (typeof end === "string" ? end : end.ip);
  for (const [from, to, port] of allowed) {
    it(`lets ${words(from)} reach ${words(to)} on ${port}`, () =>
      assert.ok(flowAllowed(state, { from, to, port })));
  }
  for (const [from, to, port] of denied) {
    it(`keeps ${words(from)} from ${words(to)} on ${port}`, () =>
      assert.ok(!flowAllowed(state, { from, to, port })));
  }

  it("lets services and Prometheus ask for names", () => {
    for (const from of [TEXT, VOICE, PROMETHEUS]) {
      for (const protocol of ["UDP", "TCP"] as const)
        assert.ok(flowAllowed(state, { from, to: DNS, port: 53, protocol }));
    }
  });
});
