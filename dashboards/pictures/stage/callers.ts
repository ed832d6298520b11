import { setTimeout as sleep } from "node:timers/promises";
import { seededNumbers } from "../../../bench/seeded";
import { INPUTS, truth } from "./models";
import { normalNumbers } from "./normal-numbers";

const PAUSE_MS = 100;
const COUNTRIES = ["DE", "FR", "JP"];
/** Requests at once now and then: more than the queue takes. */
const BURST = 30;
const TURNS_PER_BURST = 60;
/** Far from all that the models were trained on, now and then. */
const OUTLIER = 40;
const SHIFT = 1.2;
const OUTLIER_SHARE = 0.005;

export interface Callers {
  /** From now on what is asked is unlike the training data: the second column moves. */
  shift(): void;
  stop(): Promise<void>;
}

/**
 * Asks servers until they are stopped, and tells them later what would have been right. Each gets the same requests, as where a gateway
 * copies them.
 */
export function startCallers(servers: readonly string[]): Callers {
  const uniform = seededNumbers(1);
  const normal = normalNumbers(1);
  let running = true;
  let shifted = false;
  let turn = 0;
  const anyCountry = () => COUNTRIES[Math.floor(uniform() * COUNTRIES.length)]!;
  const row = () =>
    Array.from({ length: INPUTS }, (_, i) =>
      uniform() < OUTLIER_SHARE ? OUTLIER : normal() + (shifted && i === 1 ? SHIFT : 0),
    );
  const post = (path: string, body: unknown, requestId?: string) =>
    Promise.all(servers.map((server) => send(server, path, body, requestId)));

  const ask = async (id: string) => {
    const rows = Array.from({ length: 1 + Math.floor(uniform() * 8) }, row);
    const country = anyCountry();
    // Truth is not known of Japan as well as elsewhere.
    const told = rows.map((each) => (country === "JP" && uniform() < 0.25 ? !truth(each) : truth(each)));
    await post("scoring/infer", tensor(rows), id);
    if (uniform() < 0.8)
      await post("scoring/feedback", { requestId: id, truth: told.map(Number), segment: { country } });
    if (uniform() < 0.1) await post("scoring/feedback", { requestId: `lost-${id}`, truth: 1 });
  };
  const askPrice = async (id: string) => {
    const known = [1 + Math.floor(uniform() * 20), 1, 0];
    await post("prices/infer", tensor([known]), id);
    const country = anyCountry();
    await post("prices/feedback", {
      requestId: id,
      truth: [1.5 * known[0]! - 1 + normal() / 2],
      segment: { country },
    });
  };
  const round = async () => {
    const id = `turn-${turn}`;
    const burst = turn % TURNS_PER_BURST === TURNS_PER_BURST - 1 ? BURST : 3;
    const calls: Promise<unknown>[] = Array.from({ length: burst }, (_, i) => ask(`${id}-${i}`));
    calls.push(askPrice(`${id}-price`));
    if (turn % 20 === 0) calls.push(post("scoring/infer", { inputs: [] }));
    if (turn === 0) calls.push(post("seldom/infer", tensor([row()])));
    await Promise.all(calls);
    turn++;
  };
  const ended = (async () => {
    while (running) await Promise.all([round(), sleep(PAUSE_MS)]);
  })();
  return {
    shift: () => (shifted = true),
    async stop() {
      running = false;
      await ended;
    },
  };
}

async function send(server: string, path: string, body: unknown, requestId?: string): Promise<void> {
  const answer = await fetch(`${server}/v2/models/${path}`, {
    method: "POST",
    body: JSON.stringify(body),
    headers: requestId ? { "x-request-id": requestId } : {},
  });
  await answer.arrayBuffer();
}

const tensor = (rows: readonly (readonly number[])[]) => ({
  inputs: [{ name: "x", datatype: "FP32", shape: [rows.length, INPUTS], data: rows.flat() }],
});
