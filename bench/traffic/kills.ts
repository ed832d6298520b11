import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { clients, NAMESPACE, PROXIES } from "./disturbances";
import { readOutputs } from "../../test/support/slipway";
import { podProcesses } from "./server-processes";

const SERVER = "/opt/slipway/server.js";
const READY_WITHIN_MS = 120_000;

/** Kills one of a slot's server processes as the kernel does when memory runs out, and waits until all are ready again. */
export function killServer(deployment: string): Promise<void> {
  return killProcess(NAMESPACE, `app.kubernetes.io/instance=${deployment}`, SERVER);
}

/** The same of a gateway's proxy; it is ready a little before it has its routes. */
export async function killProxy(): Promise<void> {
  await killProcess(PROXIES.namespace, PROXIES.label, "envoy --service-cluster");
  for (const deadline = Date.now() + READY_WITHIN_MS; ; await sleep(500)) {
    const answers = await readOutputs().then(
      () => true,
      () => false,
    );
    if (answers) return;
    if (Date.now() > deadline) throw new Error("the gateway does not answer again");
  }
}

async function killProcess(namespace: string, labelSelector: string, command: string): Promise<void> {
  const running = () => podProcesses(namespace, labelSelector, command);
  const before = await running();
  const victim = before[0];
  assert.ok(victim !== undefined, `nothing like ${command} runs in pods with ${labelSelector}`);
  process.kill(victim, "SIGKILL");
  const { core } = await clients();
  for (const deadline = Date.now() + READY_WITHIN_MS; ; await sleep(300)) {
    const { items } = await core.listNamespacedPod({ namespace, labelSelector });
    const allReady = items.every(({ status }) => status?.containerStatuses?.every(({ ready }) => ready));
    const now = await running();
    if (allReady && !now.includes(victim) && now.length >= before.length) return;
    if (Date.now() > deadline) throw new Error(`pods with ${labelSelector} are not ready again`);
  }
}
