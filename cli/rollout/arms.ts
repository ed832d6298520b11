import { createReadStream, statSync } from "node:fs";
import { createInterface } from "node:readline";
import { otherSlot, SLOTS, type Slot } from "../../rollout/declaration";
import { prometheusArms, type ArmReader, type ArmsReading } from "../../rollout/experiment/arm-reading";
import type { ExperimentMetric } from "../../rollout/experiment/declaration";
import { countsUsers } from "../../rollout/experiment/queries";
import { NOT_JSON, UserLines } from "../../rollout/experiment/user-lines";
import { prometheusReader } from "../../rollout/gates/prometheus-reader";
import { settledState } from "../../rollout/situation";
import { messageOf, SlipwayError } from "../../toolchain/errors";
import { look, type Desk } from "./desk";

/** A query over days takes longer than one over a minute. */
const TIMEOUT_MS = 15_000;

/**
 * Who counts the users of an A/B test.
 * @param prometheus its URL
 * @param observations file with a line per user, in place of the queries of metrics that count users
 * @throws SlipwayError where the file cannot be read
 */
export function armsBy(desk: Desk, prometheus: string | undefined, observations?: string): ArmReader {
  if (observations !== undefined) assertReadable(observations);
  const reader = prometheus
    ? prometheusReader({ url: prometheus, timeoutMs: TIMEOUT_MS })
    : { read: async () => ({ nothing: "no Prometheus is known; `--prometheus` names its URL" }) };
  const { name, namespace, slots } = desk.rollout;
  const services = Object.fromEntries(
    SLOTS.map((slot) => [slot, slots[slot]?.service ?? `${name}-${slot}`]),
  ) as Record<Slot, string>;
  let candidate: Slot | undefined;
  return {
    async read(metric, rule, since, now) {
      candidate ??= otherSlot(settledState((await look(desk)).situation).live);
      if (observations !== undefined && countsUsers(metric))
        return readUsers(observations, candidate, metric, rule, since);
      return prometheusArms(reader, candidate, { namespace, services }).read(metric, rule, since, now);
    },
  };
}

function assertReadable(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isFile()) return;
  const why = found ? "it is no file" : "there is no such file";
  throw new SlipwayError(`cannot read \`--observations\` ${file}: ${why}`, 64);
}

/** The whole file each time: it may have been written anew. */
export async function readUsers(
  file: string,
  candidate: Slot,
  metric: ExperimentMetric,
  rule: string | undefined,
  since: number,
): Promise<ArmsReading> {
  const users = new UserLines(metric, rule, since);
  let number = 0;
  let problem: string | undefined;
  try {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      // The last line alone may be half there, while somebody appends to the file.
      if (problem !== undefined) return { nothing: `${file}: line ${number}: ${problem}` };
      number++;
      problem = users.add(line);
      if (problem !== undefined && problem !== NOT_JSON)
        return { nothing: `${file}: line ${number}: ${problem}` };
    }
  } catch (error) {
    return { nothing: `${file} cannot be read: ${messageOf(error)}` };
  }
  return { arms: users.arms(candidate) };
}
