import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { LocalStack } from "../../test/e2e/support/local-stack";
import type { BenchContext } from "../context";
import type { Figure } from "../figure";
import { estimate, pairedRatio } from "../statistics";
import { NAMESPACE, PROXIES } from "./disturbances";
import { allProcesses, cpuMicroseconds, pin, podProcesses, putFirst } from "./server-processes";
import { SERVICE, VERSION, inBackground, readStatus, targetOf } from "./stage";
import { TrafficLoad } from "./traffic-load";

const CORES = availableParallelism();
const RATE = 120;
const SECONDS = 12;
/** Proxies hear of a change within moments; what was begun before it ends as it began. */
const SETTLING_MS = 2_000;
const SERVER = "/opt/slipway/server.js";

interface Window {
  readonly cpuPerRequest: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly lost: number;
}

async function measure(load: TrafficLoad, live: readonly number[]): Promise<Window> {
  await sleep(SETTLING_MS);
  const [from, before] = [load.now(), cpuMicroseconds(live)];
  await sleep(SECONDS * 1_000);
  const cpu = cpuMicroseconds(live) - before;
  const { byVersion, p50Ms, p99Ms, failed, wrong, troubles } = await load.report({ from });
  for (const trouble of troubles) console.error(`  shadow: ${trouble}`);
  return { cpuPerRequest: cpu / (byVersion[VERSION.blue] ?? NaN), p50Ms, p99Ms, lost: failed + wrong };
}

async function untilCopied(wanted: boolean): Promise<void> {
  for (let i = 0; (await readStatus()).mirror > 0 !== wanted; i++) {
    if (i > 200) throw new Error(`requests are ${wanted ? "not" : "still"} copied`);
    await sleep(300);
  }
}

/**
 * The live slot and the load on one core, everything else of this machine on the others: candidate, comparator, control plane,
 * monitoring, the command that watches. The gateway goes first there, or its time would be the candidate's.
 */
async function separate(load: TrafficLoad): Promise<{ live: number[]; rejoin: () => void }> {
  const live = await podProcesses(NAMESPACE, `app.kubernetes.io/instance=${SERVICE}-blue`, SERVER);
  if (CORES < 2) return { live, rejoin: () => undefined };
  const proxies = await podProcesses(PROXIES.namespace, PROXIES.label, "envoy --service-cluster");
  pin(allProcesses(), `1-${CORES - 1}`);
  pin([...live, load.pid], "0");
  const endFirst = putFirst([...proxies, load.pid]);
  const rejoin = () => {
    process.off("exit", rejoin);
    endFirst();
    pin(allProcesses(), `0-${CORES - 1}`);
  };
  // Also where somebody interrupts the benchmark: the whole machine would stay on one core.
  process.on("exit", rejoin);
  return { live, rejoin };
}

/** What copying every request to a candidate costs those who wait for the live slot's answers, in interleaved pairs. */
export async function benchShadow({ quick }: Pick<BenchContext, "quick">): Promise<Figure[]> {
  const rounds = quick ? 2 : 8;
  const stack = await LocalStack.open();
  const [off, on]: [Window[], Window[]] = [[], []];
  try {
    await stack.apply(SERVICE, ({ rollout }) => {
      rollout.strategy = { kind: "shadow", percent: 100 };
      rollout.gates = [];
    });
    const load = await TrafficLoad.start({
      target: await targetOf(),
      rate: RATE,
      transports: ["http1", "http2", "grpc"],
    });
    const { live, rejoin } = await separate(load);
    const withoutCopies = async () => void off.push(await measure(load, live));
    const withCopies = async () => {
      const observed = ["--observe", String(SECONDS + 10), "--reason", "benchmark"];
      const walk = inBackground("rollout", SERVICE, ...observed);
      await untilCopied(true);
      on.push(await measure(load, live));
      await walk.ended;
      await untilCopied(false);
    };
    try {
      for (let round = 0; round < rounds; round++) {
        // Whoever comes second finds a warmer machine: in turns.
        const [first, second] = round % 2 === 0 ? [withoutCopies, withCopies] : [withCopies, withoutCopies];
        await first();
        await second();
      }
    } finally {
      rejoin();
      await load.stop();
    }
  } finally {
    await stack.apply(SERVICE, () => undefined);
    stack.close();
  }
  const figure = (measure: string, unit: string, of: (window: Window) => number): Figure => ({
    benchmark: "traffic",
    measure,
    server: "every request copied",
    value: estimate(on.map(of)),
    unit,
    against: { server: "none copied", ratio: pairedRatio(on.map(of), off.map(of)) },
  });
  const lost = [...off, ...on].reduce((sum, window) => sum + window.lost, 0);
  return [
    figure(
      `shadow, ${RATE} requests/s: CPU of the live slot`,
      "µs a request",
      ({ cpuPerRequest }) => cpuPerRequest,
    ),
    figure("shadow: p50", "ms", ({ p50Ms }) => p50Ms),
    figure("shadow: p99", "ms", ({ p99Ms }) => p99Ms),
    {
      benchmark: "traffic",
      measure: "shadow",
      server: "failed or wrong",
      value: { value: lost, low: lost, high: lost },
      unit: "requests",
    },
  ];
}
