import { PRESENT_SECONDS } from "./windows";

/** One slot during one window. */
export interface Scope {
  readonly namespace: string;
  /** The operator labels what it scrapes through a ServiceMonitor with the Service's name. */
  readonly service: string;
  readonly windowSeconds: number;
  /** Seconds for which what is in the slot has been asked; see `onItsPods`. @default 60 */
  readonly watchedSeconds?: number | undefined;
}

/** Says that a pod is there. */
const PRESENT = "slipway_server_ready";

/** Seconds before the window in which a series is looked for that may have been there already. */
const MEMORY = 3600;

/**
 * By how much each series of a counter grew within the window. Of a series that appeared in it, `increase` leaves out what the first
 * scrape saw, which for a kind of error that has just begun may be all there is; that series began at 0 and counts whole.
 *
 * It appeared where nothing is known of it for an hour before: a single moment does not say so, since a scrape may have been missed at
 * it. It also did where it was greater before and none of its falls is in the window: a process that has begun anew since.
 */
export function growth(scope: Scope, counter: string, matchers = ""): string {
  const series = `${counter}${selector(scope, matchers)}`;
  const window = `${scope.windowSeconds}s`;
  const last = `last_over_time(${series}[${window}])`;
  const before = `last_over_time(${series}[${MEMORY}s] offset ${window})`;
  const wasThere = `(${before} <= ${last}) or (resets(${series}[${window}]) > 0)`;
  return `(${last} unless (${wasThere})) or increase(${series}[${window}])`;
}

/**
 * The same on the pods of what is in the slot now: in so long a window may lie those of whoever had the slot before, whose answers were
 * another model's. A pod counts that is there, or was since the candidate is asked: one that crashed is not there any more.
 */
export function onItsPods(scope: Scope, grown: string): string {
  const present = `${PRESENT}${selector(scope)}`;
  const seconds = Math.max(1, Math.ceil(scope.watchedSeconds ?? PRESENT_SECONDS));
  return `(${grown}) and on (pod) (${present} or last_over_time(${present}[${seconds}s]))`;
}

export function selector(
  { namespace, service }: Pick<Scope, "namespace" | "service">,
  matchers = "",
): string {
  return `{namespace="${namespace}",service="${service}"${matchers}}`;
}
