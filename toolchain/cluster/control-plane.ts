import { existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { request } from "node:https";
import { SlipwayError } from "../errors";
import {
  assertRunning,
  ensureProcess,
  logPath,
  logSince,
  logSize,
  logTail,
  readRecord,
  stopProcess,
  type Outcome,
} from "./managed-process";
import { isUnreadableStore } from "./etcd-failure";
import { isRunning } from "./process-identity";
import type { ClusterContext } from "./processes/component";
import { etcd } from "./processes/etcd";
import { kubeApiserver } from "./processes/kube-apiserver";
import { ETCD_CLIENT_PORT, NODE_IP } from "./settings";
import { waitFor } from "./wait";

const ETCD_TIMEOUT_MS = 30_000;
const API_TIMEOUT_MS = 90_000;

/**
 * Brings up etcd and waits until it answers. A store that etcd cannot read is put aside and an empty one takes its
 * place: what was in it is declared elsewhere and is applied again.
 * @returns whether the store started empty in this call
 */
export async function ensureEtcd(context: ClusterContext): Promise<boolean> {
  const { layout, progress } = context;
  const hadStore = existsSync(join(layout.etcd, "member"));
  const logStart = logSize(layout, "etcd");
  await ensureProcess(layout, etcd(context));
  if (await etcdAnswers(context)) return !hadStore;
  const log = logSince(layout, "etcd", logStart);
  if (!hadStore || !isUnreadableStore(log)) throw etcdFailure(context);
  const record = readRecord(layout, "etcd");
  if (record) await stopProcess(layout, record);
  const aside = `${layout.etcd}-unreadable-${new Date().toISOString().replace(/[:.]/g, "-")}`;
  renameSync(layout.etcd, aside);
  mkdirSync(layout.etcd, { recursive: true, mode: 0o700 });
  progress.note(
    `etcd could not read its store, which was moved to ${aside}; its log is ${logPath(layout, "etcd")}.`,
  );
  progress.note("The cluster starts from an empty store, and everything is applied anew.");
  await ensureProcess(layout, etcd(context));
  if (!(await etcdAnswers(context))) throw etcdFailure(context);
  return true;
}

function etcdFailure({ layout }: ClusterContext): SlipwayError {
  return new SlipwayError(
    `etcd did not answer within ${ETCD_TIMEOUT_MS / 1000} s; its log ${logPath(layout, "etcd")} ends with: ${logTail(layout, "etcd")}`,
  );
}

/** Waits for etcd's health, but no longer than its process lives. */
async function etcdAnswers(context: ClusterContext): Promise<boolean> {
  const result = await waitFor(async () => {
    if (await etcdIsHealthy(context)) return "healthy";
    const record = readRecord(context.layout, "etcd");
    return record && isRunning(record) ? undefined : "ended";
  }, ETCD_TIMEOUT_MS);
  return result === "healthy";
}

function etcdIsHealthy({ pki }: ClusterContext): Promise<boolean> {
  const credentials = { ca: pki.etcdCa.cert, cert: pki.etcdClient.cert, key: pki.etcdClient.key };
  const options = { host: NODE_IP, port: ETCD_CLIENT_PORT, path: "/health", timeout: 2_000, ...credentials };
  return new Promise((resolve) => {
    const outgoing = request(options, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    outgoing.on("timeout", () => outgoing.destroy());
    outgoing.on("error", () => resolve(false));
    outgoing.end();
  });
}

/** Brings up the API server and waits until it is ready to serve. */
export async function ensureApiServer(context: ClusterContext): Promise<Outcome> {
  const outcome = await ensureProcess(context.layout, kubeApiserver(context));
  const ready = await waitFor(async () => {
    if (await context.api.isReady()) return true;
    assertRunning(context.layout, "kube-apiserver");
    return false;
  }, API_TIMEOUT_MS);
  if (!ready) {
    const log = logPath(context.layout, "kube-apiserver");
    throw new SlipwayError(
      `The API server was not ready within ${API_TIMEOUT_MS / 1000} s; its log ${log} ends with: ${logTail(context.layout, "kube-apiserver")}`,
    );
  }
  return outcome;
}
