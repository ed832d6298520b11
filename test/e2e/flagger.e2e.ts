import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { LookupFunction } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  AppsV1Api,
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  type KubernetesObject,
} from "@kubernetes/client-node";
import { Agent, request } from "undici";
import { randomInputs } from "../../cli/up/proof-inputs";
import type { PublishedRollout } from "../../rollout/published";
import { findCluster, type Cluster } from "../../toolchain/cluster";
import { packModels, pushModel } from "../../toolchain/models";
import { projectRoot } from "../../toolchain/paths";
import { silent } from "../../toolchain/progress";
import { withWorkspace, type EngineRun, type Workspace } from "../support/engine";
import { readOutputs } from "../support/slipway";
import { Flagger, flaggerFolder } from "./support/flagger";

const NODE_PORT = 31444;
const NAMESPACE = "flagged";
const HOST = "flagged.test";
const KEY = "f".repeat(16) + "0123456789abcdef";
const PROGRAM = readFileSync(join(__dirname, "support/flagger-rollout.js"), "utf8");
const REQUEST_EVERY_MS = 25;

interface Canary {
  readonly status?: {
    readonly phase?: string;
    readonly canaryWeight?: number;
    readonly failedChecks?: number;
  };
}

describe("a rollout that Flagger carries out", function () {
  // The first run builds Flagger.
  this.timeout(600_000);
  let cluster: Cluster;
  let config: KubeConfig;
  let flagger: Flagger | undefined;
  let workspace: Workspace;
  let agent: Agent;
  let finish: () => void;
  let session: Promise<void>;
  const answers: { at: number; version: string }[] = [];
  const failures: string[] = [];
  let timer: NodeJS.Timeout | undefined;

  const body = JSON.stringify({ inputs: randomInputs("silero-vad") });
  async function ask(headers: Record<string, string>, host = HOST, path = "/v2/models/silero-vad/infer") {
    const { statusCode, body: answer } = await request(`https://${host}:${NODE_PORT}${path}`, {
      dispatcher: agent,
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body,
    });
    const text = await answer.text();
    return { status: statusCode, text, version: /"model_version": ?"(\d+)"/.exec(text)?.[1] ?? "" };
  }

  async function load(): Promise<void> {
    const at = Date.now();
    try {
      const { status, text, version } = await ask({ "x-api-key": KEY });
      if (status === 200) answers.push({ at, version });
      else failures.push(`${status} ${text}`);
    } catch (error) {
      failures.push(String(error));
    }
  }

  async function custom<T>(group: string, version: string, plural: string, name: string): Promise<T> {
    const api = config.makeApiClient(CustomObjectsApi);
    return (await api.getNamespacedCustomObject({ group, version, namespace: NAMESPACE, plural, name })) as T;
  }
  const canary = () => custom<Canary>("flagger.app", "v1beta1", "canaries", "voice");

  /** Waits for the phase. @returns the candidate's shares on the way there */
  async function phase(wanted: "Initialized" | "Succeeded" | "Failed", withinMs: number): Promise<number[]> {
    const weights = new Set<number>();
    for (const deadline = Date.now() + withinMs; ; await sleep(250)) {
      const { status } = await canary();
      weights.add(status?.canaryWeight ?? 0);
      if (status?.phase === wanted) return [...weights];
      assert.ok(Date.now() < deadline, `${JSON.stringify(status)}\n${flagger!.said()}`);
    }
  }

  const programWith = (candidate: number, least: number) =>
    PROGRAM.replace("CANDIDATE = undefined", `CANDIDATE = ${candidate}`).replace(
      "LEAST = 1",
      `LEAST = ${least}`,
    );

  const succeeded = (run: EngineRun) => assert.equal(run.code, 0, run.stdout + run.stderr);

  before(async () => {
    cluster = (await findCluster())!;
    assert.ok(cluster, "no cluster is up");
    await flaggerFolder();
    const { kubeconfig, prometheus } = await readOutputs();
    config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    const apps = config.makeApiClient(AppsV1Api);
    const running = await apps.readNamespacedDeployment({ namespace: "slipway", name: "text" });
    const packed = (await packModels(silent)).filter(({ name }) => name === "silero-vad");
    const models = await Promise.all(
      packed.map(async (model) => ({
        name: model.name,
        version: model.version,
        sha256: model.sha256,
        source: await pushModel(cluster.registry, model),
      })),
    );
    models.sort((a, b) => Number(a.version) - Number(b.version));
    const given = {
      nodePort: NODE_PORT,
      key: KEY,
      envoyImage: cluster.images.envoy,
      runtimeImage: running.spec!.template.spec!.containers[0]!.image!,
      insecureRegistries: [cluster.registry],
      models,
      prometheus,
    };
    flagger = await Flagger.start(kubeconfig, prometheus, NAMESPACE);
    const options = {
      project: "flagged",
      config: { "slipway:components": join(projectRoot, "components"), "slipway:given": given },
      env: { KUBECONFIG: kubeconfig },
    };
    await new Promise<void>((ready, failed) => {
      session = withWorkspace(
        PROGRAM,
        async (made) => {
          workspace = made;
          ready();
          await new Promise<void>((resolve) => (finish = resolve));
        },
        options,
      );
      session.catch(failed);
    });
    succeeded(await workspace.up());
    const { caCertificate } = (await workspace.outputs()) as { caCertificate: string };
    const lookup: LookupFunction = (_name, found, callback) =>
      found.all
        ? callback(null, [{ address: cluster.nodeIp, family: 4 }])
        : callback(null, cluster.nodeIp, 4);
    agent = new Agent({ connect: { ca: caCertificate, lookup, timeout: 5_000 } });
    await phase("Initialized", 90_000);
    for (const deadline = Date.now() + 60_000; ; await sleep(250)) {
      const answer = await ask({ "x-api-key": KEY }).catch(String);
      if (typeof answer !== "string" && answer.status === 200) break;
      assert.ok(Date.now() < deadline, `${JSON.stringify(answer)}\n${flagger.said()}`);
    }
  });
  after(async () => {
    clearInterval(timer);
    await agent?.destroy();
    const destroyed = workspace && (await workspace.destroy());
    await flagger?.stop();
    finish?.();
    await session;
    if (destroyed) succeeded(destroyed);
  });

  it("guards the route that Flagger made with the service's policies, on both hosts", async () => {
    for (const host of [HOST, `voice.${HOST}`]) {
      assert.equal((await ask({}, host)).status, 401, host);
      assert.equal((await ask({ "x-api-key": KEY }, host)).status, 200, host);
    }
    assert.equal((await ask({}, `voice.${HOST}`, "/v2/repository/index")).status, 401);
    // And for as long as it is there: the Canary, which goes before the policies, stays until it is gone.
    const { metadata } = await custom<KubernetesObject>(
      "gateway.networking.k8s.io",
      "v1",
      "httproutes",
      "voice",
    );
    assert.deepEqual(
      metadata!.ownerReferences?.map(({ kind, blockOwnerDeletion }) => [kind, blockOwnerDeletion]),
      [["Canary", true]],
    );
  });

  it("shows Prometheus each side under the name that gates ask for, and no pod twice", async () => {
    const core = config.makeApiClient(CoreV1Api);
    const labelSelector = "app.kubernetes.io/name=slipway-server,app.kubernetes.io/instance=voice";
    const { items } = await core.listNamespacedService({ namespace: NAMESPACE, labelSelector });
    assert.deepEqual(
      items.map(({ metadata, spec }) => [
        metadata!.name,
        spec!.ports!.some(({ name }) => name === "metrics"),
      ]),
      [
        ["voice-canary", true],
        ["voice-primary", true],
      ],
    );
  });

  it("shifts the requests step by step to a new version, promotes it, and loses none", async () => {
    timer = setInterval(() => void load(), REQUEST_EVERY_MS);
    await sleep(1_000);
    await workspace.writeProgram(programWith(1, 1));
    succeeded(await workspace.up());
    const weights = await phase("Succeeded", 180_000);
    await sleep(2_000);
    clearInterval(timer);
    assert.deepEqual(failures, []);
    assert.ok(weights.includes(30) && weights.includes(60), `weights ${weights.join(", ")}`);
    const of = (version: string) => answers.filter((answer) => answer.version === version);
    assert.equal(of("5").length + of("6").length, answers.length);
    const [first, last] = [of("6")[0]!.at, of("5").at(-1)!.at];
    // Both answer for at least the two steps of ten seconds, and the new one alone at the end.
    assert.ok(last - first > 15_000, `${last - first} ms`);
    assert.equal(answers.at(-1)!.version, "6");
  });

  it("is left alone by the next update: weights and pods are Flagger's", async () => {
    const again = await workspace.preview("--refresh", "--diff");
    succeeded(again);
    assert.deepEqual(
      again.steps.filter(({ op }) => !["same", "refresh", "read"].includes(op)),
      [],
      again.stdout,
    );
    const { published } = (await workspace.outputs()) as { published: PublishedRollout };
    assert.equal(published.driver, "flagger");
    const { status } = await canary();
    assert.equal(status?.phase, "Succeeded");
  });

  it("goes back at the first bad measurement, and loses no request on that way either", async () => {
    answers.length = 0;
    timer = setInterval(() => void load(), REQUEST_EVERY_MS);
    await workspace.writeProgram(programWith(0, 2));
    succeeded(await workspace.up());
    const weights = await phase("Failed", 90_000);
    await sleep(2_000);
    const back = Date.now();
    await sleep(1_000);
    clearInterval(timer);
    assert.deepEqual(failures, []);
    assert.ok(weights.includes(30) && !weights.includes(60), `weights ${weights.join(", ")}`);
    assert.ok(answers.some(({ version }) => version === "5"));
    const since = answers.filter(({ at }) => at > back).map(({ version }) => version);
    assert.deepEqual([...new Set(since)], ["6"]);
  });
});
