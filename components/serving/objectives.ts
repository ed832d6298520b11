import { REQUEST_DURATION_BOUNDS } from "../../runtime/contract";
import type { Problems } from "../internal/validation";

/** What users are promised of a service. What is left of a hundred percent is its error budget. */
export interface Objectives {
  /**
   * Share of requests that must not fail by the service's fault.
   * @default none: nothing is promised
   */
  readonly availability?: AvailabilityObjective;
  /**
   * Share of requests that must be answered within a time.
   * @default none: nothing is promised
   */
  readonly latency?: LatencyObjective;
  /**
   * Days that the promise is kept over, 1 to 90. Alerts look back 3 days at most, whatever it is.
   * @default 30
   */
  readonly windowDays?: number;
  /**
   * Failed (or slow) requests that must have come together before anything fires, so that a handful at night wakes nobody.
   * @default 10
   */
  readonly minimumFailures?: number;
}

export interface AvailabilityObjective {
  /** In percent, more than 50 and less than 100, as in 99.9. */
  readonly percent: number;
}

export interface LatencyObjective {
  /** Share of requests in percent, more than 50 and less than 100, as in 99. */
  readonly percent: number;
  /** Within which they are answered: a bound of the server's histogram, as in 0.25. */
  readonly seconds: number;
}

/** Defaults; a test ties each to its `@default` above. */
export const OBJECTIVES_DEFAULTS = { windowDays: 30, minimumFailures: 10 } as const;

/** Objectives with every default filled in; at least one of the two is there. */
export type ResolvedObjectives = Objectives & Required<Pick<Objectives, "windowDays" | "minimumFailures">>;

export function resolveObjectives(objectives: Objectives): ResolvedObjectives {
  return {
    ...objectives,
    windowDays: objectives.windowDays ?? OBJECTIVES_DEFAULTS.windowDays,
    minimumFailures: objectives.minimumFailures ?? OBJECTIVES_DEFAULTS.minimumFailures,
  };
}

const FIELDS = ["availability", "latency", "windowDays", "minimumFailures"];
const LEAST_PERCENT = 50;
const MOST_DAYS = 90;

/**
 * Records what is wrong with a service's objectives.
 * @param watched whether somebody reads the server's metrics
 */
export function checkObjectives(objectives: Objectives, watched: boolean, problems: Problems): void {
  for (const field of Object.keys(objectives).filter((key) => !FIELDS.includes(key)))
    problems.add(`objectives.${field}`, `does not exist; there are ${FIELDS.join(", ")}`);
  const { availability, latency } = objectives;
  problems.check(
    availability !== undefined || latency !== undefined,
    "objectives",
    "must have `availability`, `latency` or both",
  );
  problems.check(
    watched,
    "objectives",
    "cannot be kept an eye on: nobody reads the server's metrics; give `scrapers`, or let the stack have `monitoring`",
  );
  if (availability) checkPercent("objectives.availability.percent", availability.percent, problems);
  if (latency) {
    checkPercent("objectives.latency.percent", latency.percent, problems);
    checkSeconds(latency.seconds, problems);
  }
  const { windowDays, minimumFailures } = resolveObjectives(objectives);
  problems.check(
    Number.isInteger(windowDays) && windowDays >= 1 && windowDays <= MOST_DAYS,
    "objectives.windowDays",
    `${windowDays} must be whole days from 1 to ${MOST_DAYS}`,
  );
  problems.check(
    Number.isInteger(minimumFailures) && minimumFailures >= 1,
    "objectives.minimumFailures",
    `${minimumFailures} must be a whole number >= 1`,
  );
}

function checkPercent(path: string, percent: number, problems: Problems): void {
  if (percent === 100) {
    problems.add(path, "100 leaves no budget: every single failure would break the promise; try 99.9");
    return;
  }
  problems.check(
    typeof percent === "number" && percent > LEAST_PERCENT && percent < 100,
    path,
    `${percent} must be more than ${LEAST_PERCENT} and less than 100: percent of requests, as in 99.9`,
  );
}

/** A histogram knows how many requests were below its bounds, and nothing in between. */
function checkSeconds(seconds: number, problems: Problems): void {
  const path = "objectives.latency.seconds";
  if (REQUEST_DURATION_BOUNDS.includes(seconds)) return;
  if (typeof seconds !== "number" || !(seconds > 0)) {
    problems.add(path, `${seconds} must be one of ${REQUEST_DURATION_BOUNDS.join(", ")} (seconds)`);
    return;
  }
  const below = REQUEST_DURATION_BOUNDS.filter((bound) => bound < seconds).at(-1);
  const above = REQUEST_DURATION_BOUNDS.find((bound) => bound > seconds);
  const nearest = [below, above].filter((bound) => bound !== undefined).join(" and ");
  problems.add(
    path,
    `${seconds} is no bound of the server's histogram, which cannot tell what was faster; the nearest are ${nearest}`,
  );
}
