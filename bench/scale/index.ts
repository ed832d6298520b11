import { KubeConfig } from "@kubernetes/client-node";
import { readOutputs } from "../../test/support/slipway";
import type { Figure } from "../figure";
import type { Estimate } from "../statistics";
import { FakeNodes } from "./fake-nodes";
import { countObjects, expectedCounts, removeLeftovers, runMany, type Counts, type ManyTimes } from "./many";
import type { ScaleConfig } from "./program";

/** Prefix of the namespaces and of the nodes. */
const NAMESPACE = "scale";
const NODE = "scale-node";
const GPUS_PER_NODE = 4;
const PER_NAMESPACE = 50;

const FULL = { nodes: 200, counts: [50, 200, 500], certificates: 50 };
const QUICK = { nodes: 10, counts: [5, 10], certificates: 5 };

/** Services on nodes of their own on the running cluster, previewed, applied and destroyed: does each one more cost as much? */
export async function benchScale({ quick }: { quick: boolean }): Promise<Figure[]> {
  const kubeconfig = await runningCluster();
  const { nodes: count, counts, certificates } = quick ? QUICK : FULL;
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const nodes = await FakeNodes.register(config, { count, gpus: GPUS_PER_NODE, prefix: NODE });
  try {
    await removeLeftovers(config, NAMESPACE);
    const run = (part: ScaleConfig["part"], services: number) => {
      const many = {
        count: services,
        part,
        namespace: NAMESPACE,
        perNamespace: PER_NAMESPACE,
        nodes: count,
        gpusPerNode: GPUS_PER_NODE,
      };
      const namespaces = Math.ceil(services / PER_NAMESPACE);
      const check = async (expected: Counts) =>
        assertCounts(await countObjects(config, NAMESPACE, NODE), expected);
      return runMany({
        kubeconfig,
        many,
        async afterUp() {
          nodes.assertWell();
          if (part === "services") await check(expectedCounts(services, namespaces));
        },
        afterDestroy: () => check(expectedCounts(0, 0)),
      });
    };
    const times: ManyTimes[] = [];
    for (const services of counts) {
      times.push(await run("services", services));
      console.error(`  ${services} services: ${JSON.stringify(times.at(-1))}`);
    }
    const keys = await run("certificates", certificates);
    return [...scaleFigures(counts, times), ...certificateFigures(certificates, keys)];
  } finally {
    await nodes.remove();
  }
}

async function runningCluster(): Promise<string> {
  try {
    return (await readOutputs()).kubeconfig;
  } catch {
    throw new Error("The benchmark `scale` needs the local cluster: start it with `npm run up`.");
  }
}

/** @throws Error that names each kind whose number is wrong */
export function assertCounts(found: Counts, expected: Counts): void {
  const wrong = (Object.keys(expected) as (keyof Counts)[]).filter((kind) => found[kind] !== expected[kind]);
  if (wrong.length === 0) return;
  throw new Error(
    `On the API server: ${wrong.map((kind) => `${found[kind]} ${kind}, not ${expected[kind]}`).join("; ")}.`,
  );
}

const COMMANDS = ["preview", "up", "destroy"] as const;

/** One run of each, therefore no interval. */
const exactly = (value: number): Estimate => ({ value, low: value, high: value });

/** Milliseconds and processor time a resource, and how many times those of the smallest stack. */
export function scaleFigures(counts: readonly number[], times: readonly ManyTimes[]): Figure[] {
  return COMMANDS.flatMap((command) =>
    times.map((each, i): Figure => {
      const [own, first] = [perResource(each, command), perResource(times[0]!, command)];
      const ratios = { ratio: exactly(own.ms / first.ms), cpuRatio: exactly(own.cpuMs / first.cpuMs) };
      return {
        ...figure(`pulumi ${command}, per resource`, `${counts[i]} services`, own),
        against: i === 0 ? undefined : { server: `${counts[0]} services`, ...ratios },
      };
    }),
  );
}

/** What the keys and certificates of a service cost, of which each has five resources. */
export function certificateFigures(count: number, times: ManyTimes): Figure[] {
  return COMMANDS.map((command) =>
    figure(
      `pulumi ${command}, certificates alone, per resource`,
      `${count} certificates`,
      perResource(times, command),
    ),
  );
}

interface PerResource {
  readonly ms: number;
  readonly cpuMs: number;
}

function perResource(times: ManyTimes, command: (typeof COMMANDS)[number]): PerResource {
  const { wall, cpu } = times[command];
  return { ms: (wall * 1000) / times.resources, cpuMs: (cpu * 1000) / times.resources };
}

function figure(measure: string, server: string, { ms, cpuMs }: PerResource): Figure {
  const value = exactly(ms);
  return { benchmark: "scale", measure, server, value, unit: "ms", cpuPerRequest: exactly(cpuMs * 1000) };
}
