import * as pulumi from "@pulumi/pulumi";
import { SLOTS, otherSlot, type Slot } from "../../rollout/declaration";
import { gateProblems } from "../../rollout/gate-checks";
import { isSticky, strategyProblems, trafficProblems } from "../../rollout/strategy-checks";
import { tensorDifferences } from "../internal/onnx/tensors";
import { mostModelsOfRollout } from "../internal/routes";
import { slotService } from "../internal/slot-labels";
import { isDnsLabel, type Problems } from "../internal/validation";
import { resolveService } from "../serving/service-settings";
import { checkFlagger } from "./flagger-checks";
import type { GivenRollout, ResolvedRollout, SignedModel, SlotModel } from "./rollout-settings";

/** Of a service's 50 characters, those that a slot's suffix leaves. */
const LONGEST_NAME = 50 - "-green".length;

/** Records everything that is wrong with a rollout. */
export function checkRollout(
  name: string,
  args: GivenRollout,
  { filled, slots, traffic }: Pick<ResolvedRollout, "filled" | "slots" | "traffic">,
  problems: Problems,
): void {
  const isName = isDnsLabel(name) && name.length <= LONGEST_NAME && /^[a-z]/.test(name);
  problems.check(
    isName,
    "name",
    `"${name}" must be at most ${LONGEST_NAME} lower-case letters, digits and "-", beginning with a letter: "${slotService(name, "green")}" names a Service`,
  );
  checkFlagger(args, problems);
  for (const slot of Object.keys(args.slots ?? {}).filter(
    (key) => !(SLOTS as readonly string[]).includes(key),
  ))
    problems.add(`slots.${slot}`, `does not exist; there are ${SLOTS.join(" and ")}`);
  problems.check(filled.length > 0, "slots", "must have `blue`, `green` or both");
  if (filled.length === 0) return;
  for (const slot of filled) {
    const asleep = slots[slot]!.replicas === 0;
    if (asleep && !problems.has(asleepAt(args, slot)))
      problems.add(
        asleepAt(args, slot),
        "0 is not possible here: a slot that sleeps is not ready for its share",
      );
  }
  for (const slot of filled)
    problems.check(
      args.slots[slot]!.objectives === undefined,
      `slots.${slot}.objectives`,
      "cannot be those of one slot: users know the service alone; give `objectives` of the rollout",
    );
  // Problems of the name have been told.
  for (const slot of filled)
    checkSlot(slotService(isName ? name : "service", slot), slot, args, slots, problems);

  const found = strategyProblems(args.strategy);
  for (const { propertyPath, reason } of found) problems.add(propertyPath, reason);
  const isTold = args.traffic !== undefined;
  for (const { propertyPath, reason } of trafficProblems(traffic, { strategy: args.strategy, filled })) {
    // Without `traffic`, only the live slot can be wrong, and follows from `live`.
    if (isTold) problems.add(propertyPath, reason);
    else if (propertyPath === "traffic.live") problems.add("live", reason);
  }
  const live = slots[traffic.live] ? traffic.live : filled[0]!;
  const models = [...new Set(slots[live]!.models.map((model) => model.name))].sort();
  for (const { propertyPath, reason } of gateProblems(args.gates ?? [], { strategy: args.strategy, models }))
    problems.add(propertyPath, reason);
  for (const slot of filled) checkNumber(slot, slots[slot]!.models.length, args, problems);
  if (filled.length === 2) checkCandidate(live, models, args, slots, problems);
}

/** Where it was said how many pods there are. */
const asleepAt = (args: GivenRollout, slot: Slot): string =>
  args.slots[slot]!.replicas === undefined ? "replicas" : `slots.${slot}.replicas`;

/** Checks a slot's service; what is wrong in the settings of the rollout is told once, without a slot. */
function checkSlot(
  service: string,
  slot: Slot,
  args: GivenRollout,
  slots: ResolvedRollout["slots"],
  problems: Problems,
): void {
  const { repository, watched } = args;
  try {
    resolveService(service, { ...slots[slot]!, repository, watched });
  } catch (error) {
    if (!pulumi.InputPropertiesError.isInstance(error)) throw error;
    for (const { propertyPath, reason } of error.errors) {
      const field = propertyPath.split(/[.[]/)[0]!;
      const isOwn = field in args.slots[slot]! || !(field in args);
      const path = isOwn ? `slots.${slot}.${propertyPath}` : propertyPath;
      if (!problems.has(path)) problems.add(path, reason);
    }
  }
}

/** Versions of a model count one by one: their paths lead to the slot that has them. */
function checkNumber(slot: Slot, count: number, args: GivenRollout, problems: Problems): void {
  const { strategy } = args;
  const most = mostModelsOfRollout({
    match: strategy.kind === "canary" && strategy.match !== undefined,
    sticky: isSticky(strategy),
  });
  problems.check(
    count <= most,
    `slots.${slot}.models`,
    `${count} models must be at most ${most}, which is what one route can tell apart with the rules of this strategy; use a further service`,
  );
}

/** Clients of the live slot must not notice another one, except by its answers. */
function checkCandidate(
  live: Slot,
  models: readonly string[],
  args: GivenRollout,
  slots: ResolvedRollout["slots"],
  problems: Problems,
): void {
  const candidate = otherSlot(live);
  const names = [...new Set(slots[candidate]!.models.map((model) => model.name))].sort();
  const path = `slots.${candidate}.models`;
  problems.check(
    names.join() === models.join(),
    path,
    `${names.join(", ")} must be of the same names as those of ${live}, ${models.join(", ")}: their paths lead to either slot`,
  );
  if (args.allowSignatureChange === true) return;
  const before = args.slots[live]!.models.filter(isSigned);
  const now = args.slots[candidate]!.models.filter(isSigned);
  for (const model of now) {
    const name = model.references[0]?.name;
    const other = before.find(({ references }) => references[0]?.name === name);
    const differences = other === undefined ? [] : signatureDifferences(other, live, model, candidate);
    if (differences.length === 0) continue;
    problems.add(
      path,
      `"${name}": ${differences.join(", ")}: its clients would break; give it a name of its own, or set \`allowSignatureChange\``,
    );
  }
}

const isSigned = (model: SlotModel): model is SignedModel =>
  "references" in model && model.inputs.length + model.outputs.length > 0;

function signatureDifferences(before: SignedModel, live: Slot, now: SignedModel, candidate: Slot): string[] {
  const there = `in ${live}`;
  const here = `in ${candidate}`;
  return [
    ...tensorDifferences("input", before.inputs, there, now.inputs, here),
    ...tensorDifferences("output", before.outputs, there, now.outputs, here),
  ];
}
