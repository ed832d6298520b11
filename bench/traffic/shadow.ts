import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { LocalStack } from "../../test/e2e/support/local-stack";
import type { BenchContext } from "../context";
import type { Figure } from "../figure";
import { estimate, pairedRatio } from "../statistics";
import { NAMESPACE } from "./disturbances";
import { cpuMicroseconds, pin, podProcesses } from "./server-processes";
import { Copies } from "./copies";
import { SERVICE, VERSION, reset, targetOf } from "./stage";
import { TrafficLoad } from "./traffic-load";

const CORES = availableParallelism();
/**
 * Requests a second. The slots have cores of their own, gateway and load share them: at three times as many they are in each other's way
 * on two cores, which is no matter of copies but of what else the machine has to do.
 */
const RATE = 40;
const SECONDS = 15;
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

const asWords = (copied: number, alone: number): string =>
  `${copied.toFixed(0)} ms copied, ${alone.toFixed(0)} ms without`;

/** The live slot on one core, the candidate and the comparator on the others; all else goes wherever there is room. */
async function apart<T>(use: (live: readonly number[]) => Promise<T>): Promise<T> {
  const of = (label: string) => podProcesses(NAMESPACE, `app.kubernetes.io/${label}`, SERVER);
  const live = await of(`instance=${SERVICE}-blue`);
  if (CORES < 2) return use(live);
  const others = [await of(`instance=${SERVICE}-green`), await of("name=slipway-comparator")].flat();
  const rejoin = () => {
    process.off("exit", rejoin);
    pin([...live, ...others], `0-${CORES - 1}`);
  };
  // Also where somebody interrupts the benchmark.
  process.on("exit", rejoin);
  pin(live, "0");
  pin(others, `1-${CORES - 1}`);
  try {
    return await use(live);
  } finally {
    rejoin();
  }
}

/** What copying every request to a candidate costs those who wait for the live slot's answers, in interleaved pairs. */
export async function benchShadow({ quick }: Pick<BenchContext, "quick">): Promise<Figure[]> {
  const rounds = quick ? 2 : 8;
  // What an interrupted run has left.
  await reset();
  const stack = await LocalStack.open();
  const [off, on]: [Window[], Window[]] = [[], []];
  try {
    await stack.apply(SERVICE, ({ rollout }) => {
      rollout.strategy = { kind: "shadow", percent: 100 };
      rollout.gates = [];
    });
    const copies = await Copies.ofService();
    const load = await TrafficLoad.start({
      target: await targetOf(),
      rate: RATE,
      transports: ["http1", "http2", "grpc"],
    });
    const window = () => apart((live) => measure(load, live));
    const withoutCopies = async () => void off.push(await window());
    const withCopies = async () => {
      await copies.begin();
      on.push(await window());
      await copies.end();
    };
    try {
      for (let round = 0; round < rounds; round++) {
        // Whoever comes second finds a warmer machine: in turns.
        const [first, second] = round % 2 === 0 ? [withoutCopies, withCopies] : [withCopies, withoutCopies];
        await first();
        await second();
        console.error(
          `  shadow: pair ${round + 1} of ${rounds}, p99 ${asWords(on.at(-1)!.p99Ms, off.at(-1)!.p99Ms)}`,
        );
      }
    } finally {
      await load.stop();
      await copies.close();
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
