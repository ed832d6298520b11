import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ApiException,
  CoreV1Api,
  KubeConfig,
  KubernetesObjectApi,
  PatchStrategy,
  type KubernetesObject,
} from "@kubernetes/client-node";
import { parse } from "yaml";
import { profiles } from "../../cli/profiles";
import { readOutputs, slipway } from "../support/slipway";

/** Controllers that the embedded cluster does not have, hence no definitions of their objects. */
const ELSEWHERE = new Set([
  "karpenter.k8s.aws",
  "karpenter.sh",
  "keda.sh",
  "cert-manager.io",
  "autoscaling.k8s.io",
]);

/** Every Kubernetes object of a profile, as `slipway render` writes them. */
async function objectsOf(profile: string): Promise<KubernetesObject[]> {
  const dir = mkdtempSync(join(tmpdir(), "slipway-render-"));
  try {
    const { status, stderr } = await slipway(["render", profile, "--out", dir]);
    assert.equal(status, 0, stderr);
    return readdirSync(dir).map((file) => parse(readFileSync(join(dir, file), "utf8")) as KubernetesObject);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

describe("the real API server", () => {
  let client: KubernetesObjectApi;
  let core: CoreV1Api;

  before(async () => {
    const config = new KubeConfig();
    config.loadFromFile((await readOutputs()).kubeconfig);
    client = KubernetesObjectApi.makeApiClient(config);
    core = config.makeApiClient(CoreV1Api);
  });

  for (const profile of profiles()) {
    it(`accepts every object of profile ${profile} in a dry run`, async function () {
      this.timeout(240_000);
      const objects = await objectsOf(profile);
      const known = objects.filter(({ apiVersion }) => !ELSEWHERE.has(apiVersion!.split("/")[0]!));
      assert.ok(known.length >= 30, `${known.length} objects`);
      const made = await createNamespaces(core, known);
      try {
        const refused: string[] = [];
        for (const object of known) refused.push(...(await refusal(client, object)));
        assert.deepEqual(refused, []);
      } finally {
        for (const name of made) await core.deleteNamespace({ name });
      }
    });
  }
});

/** A dry run makes no namespace for what goes into it. Returns those that were made. */
async function createNamespaces(core: CoreV1Api, objects: KubernetesObject[]): Promise<string[]> {
  const { items } = await core.listNamespace();
  const there = new Set(items.map(({ metadata }) => metadata!.name));
  const wanted = new Set(objects.map(({ metadata }) => metadata?.namespace ?? "default"));
  const missing = [...wanted].filter((name) => !there.has(name));
  for (const name of missing) await core.createNamespace({ body: { metadata: { name } } });
  return missing;
}

async function refusal(client: KubernetesObjectApi, object: KubernetesObject): Promise<string[]> {
  const { kind, metadata } = object;
  const name = `${kind} ${metadata?.namespace ?? "-"}/${metadata?.name ?? "*"}`;
  try {
    if (metadata?.name === undefined) {
      const named = { ...object, metadata: { ...metadata, name: undefined, generateName: "dry-run-" } };
      await client.create(named, undefined, "All", "slipway-dry-run");
    } else {
      // Whom a binding is for cannot change, and the running stack has one of that name.
      const isBinding = kind === "RoleBinding" || kind === "ClusterRoleBinding";
      const other = { ...object, metadata: { ...metadata, name: `${metadata.name}-dry-run` } };
      await client.patch(
        isBinding ? other : object,
        undefined,
        "All",
        "slipway-dry-run",
        true,
        PatchStrategy.ServerSideApply,
      );
    }
    return [];
  } catch (error) {
    if (!(error instanceof ApiException)) throw error;
    const { message } = JSON.parse(String(error.body)) as { message: string };
    return [`${name}: ${message}`];
  }
}
