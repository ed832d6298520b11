import { setTimeout as sleep } from "node:timers/promises";
import { LocalStack } from "../../test/e2e/support/local-stack";
import type { BenchContext } from "../context";
import type { Figure } from "../figure";
import { estimate } from "../statistics";
import { evictPod, killControllers, restartGateway, restartServers } from "./disturbances";
import { highestRate } from "./highest-rate";
import { killProxy, killServer } from "./kills";
import {
  SERVICE,
  VERSION,
  inBackground,
  must,
  readStatus,
  reset,
  underLoad,
  untilWeights,
  weightsOf,
} from "./stage";
import { benchShadow } from "./shadow";
import type { TrafficReport } from "./tally";
import type { TrafficLoad } from "./traffic-load";

const BENCHMARK = "traffic";
/** Requests a second, a quarter of them over each transport, where the machine holds twice as many: updates and restarts take cores, too. */
const MOST = 500;
const SHARE_OF_HELD = 0.5;
/** Streams stay with the server that they began on. */
const BY_REQUEST = ["http1", "http2", "grpc"] as const;
const SHARES_OVER = 20_000;
/** The node's Service leads to a dead proxy until the kubelet has seen that it ended, which it looks for every second. */
const GATEWAY_RETRY_MS = 2_000;

const one = (value: number) => ({ value, low: value, high: value });

/** What was lost of all that was sent. */
function lost(measure: string, { requests, failed, wrong, retried, troubles }: TrafficReport): Figure {
  for (const trouble of troubles) console.error(`  ${measure}: ${trouble}`);
  const tried = retried > 0 ? `, ${retried} sent twice` : "";
  return {
    benchmark: BENCHMARK,
    measure,
    server: "failed or wrong",
    value: one(failed + wrong),
    unit: `of ${requests}${tried}`,
  };
}

/** Seconds from the start of a command to the last answer of the slot that it takes the traffic from. */
async function lastAnswer(load: TrafficLoad, version: string, command: readonly string[]): Promise<number> {
  const startedAt = load.now();
  await must(...command);
  await sleep(1_000);
  const { seen } = await load.report({ from: startedAt - 1_000, transports: BY_REQUEST });
  return Math.max(0, (seen[version]?.last ?? startedAt) - startedAt) / 1000;
}

async function switches(rate: number, rounds: number): Promise<Figure[]> {
  const back: number[] = [];
  const report = await underLoad({ rate }, async (load) => {
    for (let round = 0; round < rounds; round++) {
      await must("promote", SERVICE, "--reason", "benchmark");
      await sleep(1_000);
      back.push(await lastAnswer(load, VERSION.green, ["rollback", SERVICE, "--reason", "benchmark"]));
    }
  });
  const measure = `${rounds} promotions and ways back, ${rate} requests/s`;
  return [
    lost(measure, report),
    {
      benchmark: BENCHMARK,
      measure,
      server: "command to the last answer of the slot left",
      value: estimate(back),
      unit: "s",
    },
  ];
}

/** A walk that stops after its first step leaves the weights where they are: so many answers tell what they do. */
async function shares(rate: number, answers: number): Promise<Figure[]> {
  let figure: Figure | undefined;
  const report = await underLoad({ rate, transports: [...BY_REQUEST] }, async (load) => {
    const walk = inBackground("rollout", SERVICE, "--reason", "benchmark");
    await untilWeights(({ green }) => green > 0 && green < 100);
    walk.child.kill("SIGTERM");
    await walk.ended;
    const { green } = weightsOf(await readStatus());
    const from = load.now() + 1_000;
    await sleep(1_000 + (answers / rate) * 1_000);
    const { byVersion } = await load.report({ from });
    const [five, six] = [byVersion[VERSION.blue] ?? 0, byVersion[VERSION.green] ?? 0];
    const [n, p] = [five + six, green / 100];
    const sigmas = (six - n * p) / Math.sqrt(n * p * (1 - p));
    figure = {
      benchmark: BENCHMARK,
      measure: `${green} % on the candidate`,
      server: "share of answers",
      value: one((100 * six) / n),
      unit: `% of ${n} (${sigmas.toFixed(1)} σ off)`,
    };
    await must("rollback", SERVICE, "--reason", "benchmark");
  });
  return [figure!, lost("a walk that was interrupted, and the way back", report)];
}

async function disturbed(
  rate: number,
  measure: string,
  disturb: () => Promise<void>,
  retryAfterMs?: number,
): Promise<Figure> {
  const report = await underLoad({ rate, retryAfterMs }, disturb);
  return lost(`${measure}, ${rate} requests/s`, report);
}

/** One of two: a proxy that is the only one is away for as long as the kubelet takes to start it again. */
async function proxyKilled(rate: number): Promise<Figure> {
  const stack = await LocalStack.open();
  try {
    await stack.apply(SERVICE, () => undefined, { gatewayReplicas: 2 });
    // A process that was killed lately is not started again at once: pods without a past.
    await restartGateway();
    const measure = `one of two proxies killed, clients that try once more after ${GATEWAY_RETRY_MS / 1000} s`;
    return await disturbed(rate, measure, killProxy, GATEWAY_RETRY_MS);
  } finally {
    await stack.apply(SERVICE, () => undefined);
    stack.close();
  }
}

/** Traffic switching on the running local stack: what is lost, and how long a way back takes. */
export async function benchTraffic({ quick }: Pick<BenchContext, "quick">): Promise<Figure[]> {
  await reset();
  try {
    const held = await highestRate();
    const rate = Math.min(MOST, Math.floor(held * SHARE_OF_HELD));
    return [
      {
        benchmark: BENCHMARK,
        measure: "highest rate that is held",
        server: "nothing else going on",
        value: one(held),
        unit: "requests/s",
      },
      ...(await switches(rate, quick ? 1 : 5)),
      ...(await shares(rate, quick ? 2_000 : SHARES_OVER)),
      await disturbed(rate, "rolling restart of the servers", () => restartServers(`${SERVICE}-blue`)),
      await disturbed(rate, "a server's pod evicted", () => evictPod(`${SERVICE}-blue`)),
      await disturbed(rate, "rolling restart of the gateway", restartGateway),
      await disturbed(rate, "controllers of gateway and monitoring killed", killControllers),
      await disturbed(rate, "a server killed", () => killServer(`${SERVICE}-blue`)),
      await disturbed(
        rate,
        "a server killed, clients that try once more",
        () => killServer(`${SERVICE}-blue`),
        0,
      ),
      await proxyKilled(rate),
      ...(await benchShadow({ quick })),
    ];
  } finally {
    await reset();
  }
}
