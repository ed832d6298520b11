import { isMeasuring, type Gate } from "../../rollout/declaration";
import { failureLimit } from "../internal/flagger-canary";
import type { Problems } from "../internal/validation";
import type { ServiceSettings } from "../serving/service-settings";
import type { GivenRollout } from "./rollout-settings";

/** Flagger looks at nothing more often, in seconds. */
const SHORTEST_INTERVAL = 10;
/** Matches of Flagger's one rule, and of its three where clients stay on a side: a route may have 128, a rule 64. */
const MOST_MODELS = { plain: 64, sticky: 42 } as const;

/** Settings that say how many pods there are, or how large they should be, after the first ones. */
const AUTOSCALED = [
  "maxReplicas",
  "scaling",
  "recommendResources",
] as const satisfies readonly (keyof ServiceSettings)[];

/** Of a gate that measures, what Flagger has no notion of. */
const UNKNOWN_TO_FLAGGER = {
  initialDelay: "every step is measured at its end",
  every: "it measures once in every `strategy.interval`",
  inconclusiveLimit: "a measurement that says nothing counts as a bad one there",
  minimumSamples: "it cannot tell too few requests from bad ones",
} as const;

const GATES_OF_FLAGGER: readonly Gate["kind"][] = ["prometheus", "errorRate", "latency", "approval"];

/** Records everything of a declaration that only the other driver can carry out, and what Flagger needs. */
export function checkFlagger(args: GivenRollout, problems: Problems): void {
  const { driver, flagger, strategy } = args;
  if (driver !== undefined && driver !== "pulumi" && driver !== "flagger")
    problems.add("driver", `"${String(driver)}" must be one of pulumi, flagger`);
  if (driver !== "flagger") {
    if (flagger !== undefined) problems.add("flagger", "needs `driver: flagger`, which this is not");
    return;
  }
  const cannot = (path: string, why: string) =>
    problems.add(path, `cannot be with \`driver: flagger\`: ${why}`);

  if (args.slots?.blue === undefined)
    problems.add("slots.blue", "must be given: it is what Flagger's primary begins with");
  problems.check(
    (args.live ?? "blue") === "blue",
    "live",
    `"${String(args.live)}" must be "blue", which is Flagger's primary`,
  );
  if (args.traffic !== undefined) cannot("traffic", "weights are Flagger's; change its Canary instead");
  const kind = strategy?.kind;
  if (kind !== "canary") cannot("strategy.kind", `"${kind}" must be "canary"`);
  if (strategy?.kind === "canary") {
    const { interval, match, scaleDownDelay } = strategy;
    problems.check(
      interval === undefined || interval >= SHORTEST_INTERVAL,
      "strategy.interval",
      `${interval} must be at least ${SHORTEST_INTERVAL}: Flagger looks no oftener`,
    );
    if (match !== undefined) cannot("strategy.match", "it matches headers or shares requests, and not both");
    if (scaleDownDelay !== undefined)
      cannot("strategy.scaleDownDelay", "it takes the candidate's pods as soon as it has promoted them");
    checkModels(args, strategy.affinity === true ? MOST_MODELS.sticky : MOST_MODELS.plain, problems);
  }
  checkPods(args, cannot);
  checkGates(args, cannot, problems);
  for (const field of ["prometheusUrl", "approvalUrl"] as const) {
    const url = flagger?.[field];
    if (url !== undefined && !isHttp(url))
      problems.add(`flagger.${field}`, `"${String(url)}" must be a URL that begins with http:// or https://`);
  }
}

type Refuse = (path: string, why: string) => void;

function checkModels(args: GivenRollout, most: number, problems: Problems): void {
  const models = new Set(
    (args.slots?.blue?.models ?? []).map((model) => ("name" in model ? model.name : "")),
  );
  if (models.size > most && !problems.has("slots.blue.models"))
    problems.add(
      "slots.blue.models",
      `${models.size} models must be at most ${most}, which is what Flagger's route can tell apart; use a further service`,
    );
}

/** What scales the target would fight with Flagger, which takes its pods after every rollout. */
function checkPods(args: GivenRollout, cannot: Refuse): void {
  const why = "Flagger itself scales the candidate up and down, and copies its number of pods to the primary";
  for (const field of AUTOSCALED) {
    if (args[field] !== undefined) cannot(field, why);
    for (const slot of ["blue", "green"] as const)
      if (args.slots?.[slot]?.[field] !== undefined) cannot(`slots.${slot}.${field}`, why);
  }
}

function checkGates({ gates = [], flagger }: GivenRollout, cannot: Refuse, problems: Problems): void {
  gates.forEach((gate, i) => {
    if (!GATES_OF_FLAGGER.includes(gate.kind)) {
      cannot(`gates[${i}].kind`, `"${gate.kind}" must be one of ${GATES_OF_FLAGGER.join(", ")}`);
      return;
    }
    if (gate.kind === "approval" && flagger?.approvalUrl === undefined)
      problems.add(
        "flagger.approvalUrl",
        `must be given: Flagger asks there whether gates[${i}] "${gate.name}" has been agreed to`,
      );
    if (!isMeasuring(gate)) return;
    for (const [field, why] of Object.entries(UNKNOWN_TO_FLAGGER))
      if (gate[field as keyof typeof UNKNOWN_TO_FLAGGER] !== undefined) cannot(`gates[${i}].${field}`, why);
    const most = failureLimit(gates);
    const own = gate.failureLimit ?? 0;
    if (own !== most)
      problems.add(
        `gates[${i}].failureLimit`,
        `${own} must be ${most}, that of the other gates: Flagger has one limit for all`,
      );
  });
}

function isHttp(url: unknown): boolean {
  return typeof url === "string" && /^https?:\/\/[^\s/]+/.test(url) && URL.canParse(url);
}
