import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { CoreV1Api, CustomObjectsApi, KubeConfig } from "@kubernetes/client-node";
import { accepts } from "../../cli/up/running";
import { stopCluster } from "../../toolchain/cluster";
import { clusterLayout } from "../../toolchain/cluster/layout";
import { readRecord } from "../../toolchain/cluster/managed-process";
import { isRunning } from "../../toolchain/cluster/process-identity";
import { projectRoot } from "../../toolchain/paths";
import { silent } from "../../toolchain/progress";
import { readOutputs, runCommand } from "../support/slipway";

/** One from each layer: what stores, what serves, what runs containers, what leads in, what guards. */
const VICTIMS = ["etcd", "kube-apiserver", "kubelet", "containerd", "forwarder", "network-policy"];
/** More than the waits of one `up` together may take, so that its own sentence comes first. */
const UP_MS = 420_000;
const TEST_MS = UP_MS + 60_000;

interface GatewayStatus {
  readonly conditions: readonly { readonly type: string; readonly status: string }[];
}

async function up(): Promise<string> {
  const { status, stdout, stderr } = await runCommand(process.execPath, ["cli/bin.js", "up"], {
    timeoutMs: UP_MS,
  });
  assert.equal(status, 0, stderr.slice(-4000));
  for (const model of ["pp-ocrv4-rec/4", "silero-vad/5"]) {
    assert.match(stdout, new RegExp(`proven +${model}: equal to onnxruntime`));
  }
  return stdout;
}

function kill(name: string): void {
  const record = readRecord(clusterLayout(), name);
  assert.ok(record && isRunning(record), `${name} does not run`);
  process.kill(record.pid, "SIGKILL");
}

/** Resolves once `up` has said that it does something, with what it has said. */
async function startUp(
  until: RegExp,
): Promise<{ kill(signal: NodeJS.Signals): Promise<[number | null, string]> }> {
  const child = spawn(process.execPath, ["cli/bin.js", "up"], {
    cwd: projectRoot,
    env: { ...process.env, NO_COLOR: "1" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = once(child, "exit") as Promise<[number | null]>;
  let said = "";
  child.stderr.setEncoding("utf8");
  await new Promise<void>((resolve, reject) => {
    child.stderr.on("data", (text: string) => {
      said += text;
      if (until.test(said)) resolve();
    });
    child.once("exit", () => reject(new Error(`it ended early: ${said}`)));
  });
  return {
    async kill(signal) {
      child.kill(signal);
      const [status] = await ended;
      return [status, said];
    },
  };
}

describe("`npm run up` after a crash", () => {
  it("of the cluster's processes and a proxy repairs all of it", async function () {
    this.timeout(TEST_MS);
    const config = new KubeConfig();
    config.loadFromFile((await readOutputs()).kubeconfig);
    const core = config.makeApiClient(CoreV1Api);
    const namespace = "envoy-gateway-system";
    const { items } = await core.listNamespacedPod({ namespace });
    const proxy = items.find(({ metadata }) => metadata!.name!.startsWith("envoy-slipway"));
    assert.ok(proxy, items.map(({ metadata }) => metadata!.name).join());
    await core.deleteNamespacedPod({ namespace, name: proxy.metadata!.name!, gracePeriodSeconds: 0 });
    for (const name of VICTIMS) kill(name);
    await up();
    for (const name of VICTIMS) assert.ok(isRunning(readRecord(clusterLayout(), name)!), name);
  });

  it("of its own while the engine worked, and after an interruption by a signal, which says how to go on, meets no lock", async function () {
    this.timeout(2 * TEST_MS);
    const crashing = await startUp(/Previewing local/);
    await crashing.kill("SIGKILL");
    const running = await startUp(/Refreshing local/);
    const [status, said] = await running.kill("SIGTERM");
    assert.equal(status, 143, said);
    assert.match(
      said,
      /error: interrupted; `npm run up` goes on from here, `npm run down` takes down what was started\n/,
    );
    assert.match(await up(), /0 to change, \d+ unchanged/);
  });

  it("that left a word about its proxies which is not true any more has it said anew", async function () {
    this.timeout(TEST_MS);
    const config = new KubeConfig();
    config.loadFromFile((await readOutputs()).kubeconfig);
    const objects = config.makeApiClient(CustomObjectsApi);
    const gateway = {
      group: "gateway.networking.k8s.io",
      version: "v1",
      namespace: "slipway",
      plural: "gateways",
      name: "slipway",
    };
    const isProgrammed = ({ type }: { type: string }) => type === "Programmed";
    const conditions = async () => {
      const { status } = (await objects.getNamespacedCustomObject(gateway)) as { status: GatewayStatus };
      return status.conditions;
    };
    const path = `/status/conditions/${(await conditions()).findIndex(isProgrammed)}/status`;
    const body = [{ op: "replace", path, value: "False" }];
    await objects.patchNamespacedCustomObjectStatus({ ...gateway, body });
    assert.equal((await conditions()).find(isProgrammed)?.status, "False");
    await up();
    assert.equal((await conditions()).find(isProgrammed)?.status, "True");
  });

  it("that took the store of the cluster applies everything anew", async function () {
    this.timeout(TEST_MS);
    await stopCluster(silent, { keepData: true });
    assert.equal(await accepts("127.0.0.1", 8443), false);
    rmSync(clusterLayout().etcd, { recursive: true });
    assert.match(await up(), /Slipway is up .*to create/);
  });

  it("of the whole machine finds the stack again", async function () {
    this.timeout(TEST_MS);
    await stopCluster(silent, { keepData: true });
    await up();
  });
});
