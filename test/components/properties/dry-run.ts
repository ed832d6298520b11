import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster } from "../../../toolchain/plugins/kubernetes/client/cluster";
import { gvkOf } from "../../../toolchain/plugins/kubernetes/kinds";
import type { KubeObject } from "../../../toolchain/plugins/kubernetes/object";
import { allCrds } from "../../stacks/schemas/schema-folder";

/** An object, the role that it was declared in, and what was asked for. */
export interface Given {
  readonly role: string;
  readonly object: KubeObject;
  readonly asked: string;
}

const WRITE = { fieldManager: "test" };
/** Requests under way at a time. */
const PARALLEL = 8;

async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}

const kindOf = ({ apiVersion, kind }: KubeObject) => `${apiVersion} ${kind}`;

/** Installs the CRDs of the objects' kinds, and waits until they are served. */
export async function installCrds(cluster: Cluster, given: readonly Given[]): Promise<void> {
  const kinds = new Set(given.map(({ object }) => kindOf(object)));
  const crds = (await allCrds()).filter(({ spec }) =>
    spec.versions.some(({ name }) => kinds.has(`${spec.group}/${name} ${spec.names.kind}`)),
  );
  await each(crds, async (crd) => {
    await cluster.apply(crd as unknown as KubeObject, WRITE);
  });
  for (const kind of kinds) await served(cluster, kind);
}

async function served(cluster: Cluster, kind: string): Promise<void> {
  const [apiVersion = "", name = ""] = kind.split(" ");
  for (let tries = 0; tries < 100; tries++) {
    cluster.discovery.reset();
    if (await cluster.discovery.find(gvkOf(apiVersion, name))) return;
    await sleep(100);
  }
  throw new Error(`The API server does not serve ${kind}.`);
}

/** What the API server says against creating each of the objects; those that it would create are left out. */
export async function refusals(
  cluster: Cluster,
  given: readonly Given[],
): Promise<(Given & { readonly reason: string })[]> {
  const refused: (Given & { reason: string })[] = [];
  const namespaces = new Set(given.flatMap(({ object }) => object.metadata?.namespace ?? []));
  await each([...namespaces], async (name) => {
    // Where it is refused, so are the objects in it.
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
    await cluster.apply(namespace, WRITE).catch(() => undefined);
  });
  await each(given, async (one) => {
    try {
      await cluster.create(one.object, { ...WRITE, dryRun: true });
    } catch (error) {
      refused.push({ ...one, reason: (error as Error).message });
    }
  });
  return refused;
}
