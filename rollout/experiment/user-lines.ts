import { otherSlot, SLOTS, type Slot } from "../declaration";
import type { Arms } from "./decision";
import type { ExperimentMetric } from "./declaration";
import { NO_MOMENTS, proportion, sample, withValue, type ArmSummary } from "./observations";

/** Users that are summed up at most; whoever has more counts them elsewhere. */
export const MOST_USERS = 5_000_000;
const LONGEST_KEY = 256;
/** Of a line that may be half there. */
export const NOT_JSON = "is not JSON";

interface User {
  readonly slot: Slot;
  value: number;
}

/**
 * What each user did, from lines of JSON: `{"user":"u1","slot":"green","value":1}`, for a harm rule with its name in `metric`, with `at`
 * where lines of before the test may be among them. Lines of one user are added up; a user belongs to the slot of its first line.
 */
export class UserLines {
  private readonly users = new Map<string, User>();

  /**
   * @param metric what is read
   * @param name of the harm rule; undefined for the metric that decides
   * @param since milliseconds since 1970
   */
  constructor(
    private readonly metric: ExperimentMetric,
    private readonly name: string | undefined,
    private readonly since: number,
  ) {}

  /** @returns what is wrong with the line; undefined where it is right, or about something else */
  add(text: string): string | undefined {
    if (text.trim() === "") return undefined;
    let line: { user?: unknown; slot?: unknown; value?: unknown; metric?: unknown; at?: unknown } | null;
    try {
      line = JSON.parse(text) as typeof line;
    } catch {
      return NOT_JSON;
    }
    if (typeof line !== "object" || line === null || Array.isArray(line)) return "is not an object";
    const { user, slot, metric, at } = line;
    if (metric !== undefined && typeof metric !== "string") return "`metric` must be the name of a harm rule";
    if (metric !== this.name) return undefined;
    if (typeof user !== "string" || user === "" || user.length > LONGEST_KEY)
      return `\`user\` must be a text of 1 to ${LONGEST_KEY} characters`;
    if (!SLOTS.includes(slot as Slot)) return `\`slot\`: ${JSON.stringify(slot)} must be blue or green`;
    const value = typeof line.value === "boolean" ? Number(line.value) : line.value;
    if (typeof value !== "number" || !Number.isFinite(value))
      return "`value` must be a number, true or false";
    if (this.metric.kind === "proportion" && value !== 0 && value !== 1)
      return `\`value\`: ${value} must be 0, 1, true or false`;
    if (at !== undefined) {
      const time = typeof at === "string" ? Date.parse(at) : NaN;
      if (Number.isNaN(time))
        return `\`at\`: ${JSON.stringify(at)} must be a time like "2026-01-31T09:00:00Z"`;
      if (time < this.since) return undefined;
    }
    const known = this.users.get(user);
    if (known) known.value += value;
    else if (this.users.size >= MOST_USERS)
      return `there are more than ${MOST_USERS} users; give \`queries\``;
    else this.users.set(user, { slot: slot as Slot, value });
    return undefined;
  }

  arms(candidate: Slot): Arms {
    const sums = { blue: NO_MOMENTS, green: NO_MOMENTS };
    const successes = { blue: 0, green: 0 };
    for (const { slot, value } of this.users.values()) {
      sums[slot] = withValue(sums[slot], value);
      if (value > 0) successes[slot] += 1;
    }
    const arm = (slot: Slot): ArmSummary =>
      this.metric.kind === "proportion" ? proportion(successes[slot], sums[slot].count) : sample(sums[slot]);
    return { live: arm(otherSlot(candidate)), candidate: arm(candidate) };
  }
}
