import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Cluster } from "../../toolchain/plugins/kubernetes/client/cluster";
import { readKubeconfig, selectTarget } from "../../toolchain/plugins/kubernetes/client/kubeconfig";
import { ensureTools } from "../../toolchain/build";
import { silent } from "../../toolchain/progress";

/** A real API server without any node: it stores, validates, admits and collects garbage, but nothing runs. */
export interface ApiServer {
  /** Contents of a kubeconfig with every right. */
  readonly kubeconfig: string;
  /** Path of a file with it, as long as the server runs. */
  readonly kubeconfigFile: string;
  /** A kubeconfig of a user who has no rights but those that a test gives to `User/stranger`. */
  readonly strangerKubeconfig: string;
  readonly cluster: Cluster;
  stop(): Promise<void>;
}

const READY_MS = 60_000;

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/**
 * `SLIPWAY_TEST_KUBE_APISERVER` names another binary; kube-controller-manager is then the one beside it, and etcd the
 * one on PATH.
 */
async function findBinaries(): Promise<{ etcd: string; apiServer: string; controllerManager: string }> {
  const given = process.env.SLIPWAY_TEST_KUBE_APISERVER;
  if (given !== undefined) {
    return {
      etcd: "etcd",
      apiServer: given,
      controllerManager: join(given, "..", "kube-controller-manager"),
    };
  }
  const tools = await ensureTools(["cluster"], silent);
  return {
    etcd: tools.path("etcd"),
    apiServer: tools.path("kube-apiserver"),
    controllerManager: tools.path("kube-controller-manager"),
  };
}

class Processes {
  private readonly children: ChildProcess[] = [];
  private text = "";

  start(file: string, args: readonly string[]): void {
    const child = spawn(file, args, { stdio: ["ignore", "ignore", "pipe"] });
    // Only the end tells why a server did not start.
    child.stderr.on(
      "data",
      (chunk: Buffer) => (this.text = (this.text + chunk.toString("utf8")).slice(-4_000)),
    );
    child.on("error", (error) => (this.text += String(error)));
    this.children.push(child);
  }

  get running(): boolean {
    return this.children.every(({ exitCode, pid }) => exitCode === null && pid !== undefined);
  }

  get lastWords(): string {
    return this.text;
  }

  async stop(): Promise<void> {
    for (const child of this.children.reverse()) {
      if (child.exitCode !== null || child.pid === undefined) continue;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      // A test keeps nothing: there is no reason to wait for an orderly end.
      child.kill("SIGKILL");
      await ended;
    }
  }
}

function kubeconfigFor(port: number, token: string): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "test",
    clusters: [
      { name: "test", cluster: { server: `https://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } },
    ],
    contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
    users: [{ name: "test", user: { token } }],
  });
}

async function waitUntilReady(cluster: Cluster, processes: Processes): Promise<void> {
  const until = Date.now() + READY_MS;
  for (;;) {
    try {
      await cluster.connection.request("GET", "/readyz", { timeoutMs: 2_000 });
      await cluster.get({ gvk: { group: "", version: "v1", kind: "Namespace" }, name: "default" });
      return;
    } catch (error) {
      if (!processes.running || Date.now() > until) {
        throw new Error(`The test's API server did not start: ${processes.lastWords || String(error)}`);
      }
      await sleep(200);
    }
  }
}

/** Starts etcd and a kube-apiserver on free ports of the loopback; takes about five seconds. */
export async function startApiServer(): Promise<ApiServer> {
  const { etcd, apiServer, controllerManager } = await findBinaries();
  const folder = mkdtempSync(join(tmpdir(), "slipway-api-server-"));
  const processes = new Processes();
  const stop = async () => {
    await processes.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const [client, peer, secure] = [await freePort(), await freePort(), await freePort()];
    const [clientUrl, peerUrl] = [`http://127.0.0.1:${client}`, `http://127.0.0.1:${peer}`];
    const key = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const keyFile = join(folder, "service-accounts.pem");
    writeFileSync(keyFile, key.privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
    const [token, strangerToken] = [randomBytes(16).toString("hex"), randomBytes(16).toString("hex")];
    const tokens = join(folder, "tokens.csv");
    writeFileSync(tokens, `${token},admin,admin,system:masters\n${strangerToken},stranger,stranger\n`, {
      mode: 0o600,
    });

    processes.start(etcd, [
      ...["--data-dir", join(folder, "etcd"), "--unsafe-no-fsync", "--log-level", "error"],
      ...["--listen-client-urls", clientUrl, "--advertise-client-urls", clientUrl],
      ...[
        "--listen-peer-urls",
        peerUrl,
        "--initial-advertise-peer-urls",
        peerUrl,
        "--initial-cluster",
        `default=${peerUrl}`,
      ],
    ]);
    processes.start(apiServer, [
      ...["--etcd-servers", clientUrl, "--cert-dir", join(folder, "certificates")],
      ...["--bind-address", "127.0.0.1", "--advertise-address", "127.0.0.1", "--secure-port", String(secure)],
      ...[
        "--token-auth-file",
        tokens,
        "--authorization-mode",
        "RBAC",
        "--service-cluster-ip-range",
        "10.96.0.0/16",
      ],
      ...["--service-account-key-file", keyFile, "--service-account-signing-key-file", keyFile],
      ...["--service-account-issuer", "https://kubernetes.default.svc"],
      // Nothing makes service accounts here, so that Pods could not be admitted.
      ...["--disable-admission-plugins", "ServiceAccount", "--endpoint-reconciler-type", "none"],
    ]);
    const kubeconfig = kubeconfigFor(secure, token);
    const cluster = new Cluster(selectTarget(readKubeconfig(kubeconfig)));
    await waitUntilReady(cluster, processes);
    const adminFile = join(folder, "kubeconfig");
    writeFileSync(adminFile, kubeconfig, { mode: 0o600 });
    processes.start(controllerManager, [
      ...["--kubeconfig", adminFile, "--leader-elect=false", "--secure-port", "0"],
      // Namespaces and owners are deleted by controllers, not by the API server.
      ...["--controllers", "namespace-controller,garbage-collector-controller,resourcequota-controller"],
    ]);
    return {
      kubeconfig,
      kubeconfigFile: adminFile,
      strangerKubeconfig: kubeconfigFor(secure, strangerToken),
      cluster,
      stop: async () => {
        cluster.connection.close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
