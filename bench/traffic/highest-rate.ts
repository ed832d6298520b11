import { setTimeout as sleep } from "node:timers/promises";
import { underLoad } from "./stage";

/** Requests a second, of all transports together. */
const RATES = [100, 150, 200, 250, 300, 400, 500, 650, 800, 1000];
const SECONDS = 10;
/** Beyond it requests wait for each other, and those of an open loop then wait longer and longer. */
const P99_MS = 250;

/** The highest of some rates at which no request fails and none waits long, while nothing else is going on. Upwards: too much leaves a queue. */
export async function highestRate(): Promise<number> {
  let held: number | undefined;
  for (const rate of RATES) {
    const { failed, wrong, p99Ms } = await underLoad({ rate }, () => sleep(SECONDS * 1_000));
    console.error(`  ${rate} requests/s: ${failed + wrong} failed or wrong, p99 ${p99Ms.toFixed(0)} ms`);
    if (failed + wrong > 0 || p99Ms > P99_MS) break;
    held = rate;
  }
  if (held === undefined) throw new Error(`this machine does not hold ${RATES[0]} requests/s`);
  return held;
}
