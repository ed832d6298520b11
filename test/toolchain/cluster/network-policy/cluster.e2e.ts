import type { V1Pod } from "@kubernetes/client-node";
import assert from "node:assert";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import { KubernetesApi } from "../../../../toolchain/cluster/kubernetes-api";
import { readOutputs } from "../../../support/slipway";
import { labelsOf, prober, type Prober } from "./prober";

/** How long a policy may take to work, a pod to start, and a connection to be answered; in milliseconds. */
const settleMs = 10_000;
const readyMs = 60_000;
const silenceMs = 1500;

/** The administrator's access that a kubeconfig of the embedded cluster holds. */
function connectAs(kubeconfig: string): KubernetesApi {
  const { clusters, users } = parse(readFileSync(kubeconfig, "utf8")) as {
    clusters: { cluster: Record<string, string> }[];
    users: { user: Record<string, string> }[];
  };
  const decode = (data = "") => Buffer.from(data, "base64").toString();
  const user = users[0]?.user ?? {};
  const credential = (cert: string, key: string) => ({
    cert,
    key,
    certPath: kubeconfig,
    keyPath: kubeconfig,
  });
  return new KubernetesApi(
    credential(decode(clusters[0]?.cluster["certificate-authority-data"]), ""),
    credential(decode(user["client-certificate-data"]), decode(user["client-key-data"])),
  );
}

/** NetworkPolicies on the running cluster, with pods of the server's own image that connect to each other. */
describe("NetworkPolicy enforcement on the cluster", () => {
  const suffix = randomBytes(3).toString("hex");
  const callers = `np-callers-${suffix}`;
  const servers = `np-servers-${suffix}`;
  let api: KubernetesApi;
  let image: string;

  const client: Prober = { namespace: callers, name: "client" };
  const other: Prober = { namespace: callers, name: "other" };
  const server: Prober = { namespace: servers, name: "server" };

  before(async () => {
    const { kubeconfig } = await readOutputs();
    api = connectAs(kubeconfig);
    image = await imageOfServer();
    for (const name of [callers, servers]) {
      await api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
    }
    for (const each of [client, other, server]) {
      await api.apply(prober(each, image));
    }
    await api.apply({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "server", namespace: servers },
      spec: { selector: labelsOf(server), ports: [{ port: 80, targetPort: "http" }] },
    });
    await Promise.all([client, other, server].map(waitUntilReady));
  });

  after(async () => {
    for (const name of [callers, servers]) {
      await api?.delete(`/api/v1/namespaces/${name}`);
    }
    api?.close();
  });

  async function read<T>(path: string): Promise<T> {
    return JSON.parse(await api.text(path)) as T;
  }

  const readPod = ({ namespace, name }: Prober) =>
    read<V1Pod>(`/api/v1/namespaces/${namespace}/pods/${name}`);

  /** The image of a server of the stack: it carries Node. */
  async function imageOfServer(): Promise<string> {
    const { items } = await read<{ items: V1Pod[] }>("/api/v1/namespaces/slipway/pods");
    const found = items[0]?.spec?.containers[0]?.image;
    assert.ok(found, "the stack has no pod in the namespace slipway");
    return found;
  }

  async function waitUntilReady(pod: Prober): Promise<void> {
    const deadline = Date.now() + readyMs;
    while (!isReady(await readPod(pod))) {
      assert.ok(Date.now() < deadline, `pod ${pod.name} is not ready after ${readyMs} ms`);
      await sleep(200);
    }
  }

  const isReady = (pod: V1Pod) =>
    pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") === true;

  async function addressOf(pod: Prober): Promise<string> {
    return (await readPod(pod)).status?.podIP ?? "";
  }

  /** What a connection from the pod came to: "open", "blocked" when nothing answered, or the system's error code. */
  async function connect(from: Prober, host: string, port: number): Promise<string> {
    const query = new URLSearchParams({ host, port: `${port}`, ms: `${silenceMs}` });
    const path = `/api/v1/namespaces/${from.namespace}/pods/${from.name}:8080/proxy/try?${query}`;
    return api.text(path);
  }

  /** Asks until the answer is as expected: a policy takes effect a moment after it was accepted. */
  async function assertConnects(from: Prober, host: string, port: number, expected: string): Promise<void> {
    const deadline = Date.now() + settleMs;
    let actual = await connect(from, host, port);
    while (actual !== expected && Date.now() < deadline) {
      await sleep(100);
      actual = await connect(from, host, port);
    }
    assert.strictEqual(actual, expected, `${from.name} → ${host}:${port}`);
  }

  const policy = (namespace: string, name: string, spec: object) =>
    api.apply({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { namespace, name },
      spec,
    });

  const service = `server.${servers}.svc`;

  it("lets pods reach each other and Services by name without a policy", async () => {
    await assertConnects(client, await addressOf(server), 8080, "open");
    await assertConnects(client, service, 80, "open");
  });

  it("blocks connections to a namespace that denies everything", async () => {
    await policy(servers, "deny-all", { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    await assertConnects(client, await addressOf(server), 8080, "blocked");
    await assertConnects(client, service, 80, "blocked");
  });

  it("keeps kubelet's probes of isolated pods working", async () => {
    // Three times the probe's period and threshold.
    await sleep(6000);
    const pod = await readPod(server);
    assert.ok(isReady(pod));
    assert.strictEqual(pod.status?.containerStatuses?.[0]?.restartCount, 0);
  });

  it("isolates a pod that is created under a policy", async () => {
    const late: Prober = { namespace: servers, name: "late" };
    await api.apply(prober(late, image));
    await waitUntilReady(late);
    await assertConnects(client, await addressOf(late), 8080, "blocked");
  });

  it("lets exactly the selected pods through once a policy allows them", async () => {
    await policy(servers, "allow-client", {
      podSelector: { matchLabels: labelsOf(server) },
      ingress: [
        {
          from: [
            {
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": callers } },
              podSelector: { matchLabels: labelsOf(client) },
            },
          ],
          ports: [{ port: "http" }],
        },
      ],
    });
    await assertConnects(client, await addressOf(server), 8080, "open");
    await assertConnects(client, service, 80, "open");
    assert.strictEqual(await connect(other, service, 80), "blocked");
  });

  it("blocks what an isolated pod sends, names included, until a policy allows it", async () => {
    await policy(callers, "deny-egress", {
      podSelector: { matchLabels: labelsOf(other) },
      policyTypes: ["Egress"],
    });
    await assertConnects(other, "kubernetes.default.svc", 443, "blocked");
    await policy(callers, "allow-dns", {
      podSelector: { matchLabels: labelsOf(other) },
      policyTypes: ["Egress"],
      egress: [
        {
          to: [
            {
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
              podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
            },
          ],
          ports: [
            { port: 53, protocol: "UDP" },
            { port: 53, protocol: "TCP" },
          ],
        },
        { ports: [{ port: 6443 }] },
      ],
    });
    await assertConnects(other, "kubernetes.default.svc", 443, "open");
  });

  it("keeps strangers from the servers of the stack", async () => {
    const { items } = await read<{ items: V1Pod[] }>("/api/v1/namespaces/slipway/pods");
    const addresses = items.flatMap(({ status }) => status?.podIP ?? []);
    assert.ok(addresses.length > 0);
    for (const address of addresses) {
      for (const port of [8000, 8001, 8002]) {
        assert.strictEqual(await connect(client, address, port), "blocked", `${address}:${port}`);
      }
    }
  });
});
