import { spawn, type ChildProcess } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { request } from "node:https";
import { createServer } from "node:net";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { parseAllDocuments } from "yaml";
import { PACKAGE_FLAGS } from "../../../toolchain/build/go-group";
import { GO_ENVIRONMENT, findGo } from "../../../toolchain/build/go-toolchain";
import { cachedFolder } from "../../clients/support/cached-folder";
import { mustRun } from "../../clients/support/python";
import { runCommand } from "../../support/slipway";

const MODULE = join(__dirname, "../flagger");

/** Flagger's program and its CRDs, built where the cache lacks them: takes a minute. */
export async function flaggerFolder(): Promise<string> {
  const recipe = ["go.mod", "go.sum"].map((name) => readFileSync(join(MODULE, name), "utf8")).join("\n");
  return cachedFolder("flagger", recipe, async (target) => {
    const go = await findGo();
    if (!go) throw new Error("Flagger cannot be built: Go was not found on PATH");
    mkdirSync(target);
    const options = { cwd: MODULE, env: { ...process.env, ...GO_ENVIRONMENT } };
    const program = "github.com/fluxcd/flagger/cmd/flagger";
    await mustRun(go.path, ["build", ...PACKAGE_FLAGS, "-o", join(target, "flagger"), program], options);
    const list = ["list", "-m", "-f", "{{.Dir}}", "github.com/fluxcd/flagger"];
    const { stdout } = await runCommand(go.path, list, options);
    copyFileSync(join(stdout.trim(), "artifacts/flagger/crd.yaml"), join(target, "crd.yaml"));
  });
}

interface Definition {
  readonly metadata: { readonly name: string };
}

function crdsOf(folder: string): Definition[] {
  const text = readFileSync(join(folder, "crd.yaml"), "utf8");
  return parseAllDocuments(text).map((document) => document.toJS() as Definition);
}

/** As they are written: the client's own types leave parts of a schema out. */
async function definitions(config: KubeConfig, method: "POST" | "DELETE", path: string, body?: Definition) {
  const url = `${config.getCurrentCluster()!.server}/apis/apiextensions.k8s.io/v1/customresourcedefinitions${path}`;
  const options = { method, headers: { "content-type": "application/json" } };
  await config.applyToHTTPSOptions(options);
  return new Promise<number>((resolve, reject) => {
    const sent = request(url, options, (response) => {
      response.resume().once("end", () => resolve(response.statusCode!));
    });
    sent.once("error", reject).end(body && JSON.stringify(body));
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Flagger itself, as a process beside the cluster, for one namespace of it. */
export class Flagger {
  private log = "";

  private constructor(
    private readonly child: ChildProcess,
    private readonly config: KubeConfig,
    private readonly crds: readonly Definition[],
  ) {
    for (const stream of [child.stdout!, child.stderr!])
      stream.setEncoding("utf8").on("data", (text: string) => (this.log += text));
  }

  static async start(kubeconfig: string, prometheus: string, namespace: string): Promise<Flagger> {
    const folder = await flaggerFolder();
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    const crds = crdsOf(folder);
    for (const crd of crds) {
      const status = await definitions(config, "POST", "", crd);
      // 409: a run that was interrupted has left it.
      if (status !== 201 && status !== 409)
        throw new Error(`${crd.metadata.name} could not be made: ${status}`);
    }
    const port = await freePort();
    const args = [
      "-kubeconfig",
      kubeconfig,
      "-mesh-provider",
      "gatewayapi:v1",
      "-metrics-server",
      prometheus,
    ];
    const more = ["-namespace", namespace, "-log-level", "info", "-port", String(port)];
    const child = spawn(join(folder, "flagger"), [...args, ...more], { stdio: ["ignore", "pipe", "pipe"] });
    return new Flagger(child, config, crds);
  }

  /** What it has said so far. */
  said(): string {
    return this.log;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null) {
      const ended = new Promise((resolve) => this.child.once("exit", resolve));
      this.child.kill("SIGTERM");
      await ended;
    }
    for (const { metadata } of this.crds) await definitions(this.config, "DELETE", `/${metadata.name}`);
  }
}
