import { awsFoundational } from "../../model/controls";
import type { Field } from "../../model/field";
import type { StackRule } from "../../model/rule";
import { saysOff } from "../../model/scalars";
import { ask, UnknownRead } from "../../model/unknown";

/** Which of reads and writes the classic selectors record of management. @throws UnknownRead */
function classic(selectors: readonly Field[]): string[] {
  return selectors
    .filter((selector) => !saysOff(selector.get("includeManagementEvents")))
    .map((selector) => selector.get("readWriteType").string() ?? "All");
}

/** The same of advanced selectors, where `readOnly` narrows one to either. @throws UnknownRead */
function advanced(selectors: readonly Field[]): string[] {
  return selectors.flatMap((selector) => {
    const fields = selector.get("fieldSelectors").items();
    const valuesOf = (name: string) =>
      fields
        .filter((one) => one.get("field").string() === name)
        .flatMap((one) => one.get("equals").strings());
    if (!valuesOf("eventCategory").includes("Management")) return [];
    const readOnly = valuesOf("readOnly");
    if (readOnly.length === 0) return ["All"];
    return readOnly.map((value) => (value === "true" ? "ReadOnly" : "WriteOnly"));
  });
}

const BOTH = ["ReadOnly", "WriteOnly"] as const;

/** Which management events a trail records. @throws UnknownRead */
function recordedBy(fields: Field): ReadonlySet<string> {
  const simple = fields.get("eventSelectors").items();
  const detailed = fields.get("advancedEventSelectors").items();
  // Without selectors a trail records all of them.
  const kinds =
    simple.length === 0 && detailed.length === 0 ? ["All"] : [...classic(simple), ...advanced(detailed)];
  return new Set(kinds.flatMap((kind) => (kind === "All" ? BOTH : [kind])));
}

export const cloudtrailManagementEvents: StackRule = {
  id: "cloudtrail-management-events",
  title: "Trails record who changed what, and who looked",
  severity: "high",
  description:
    "Selectors take the place of what a trail records by itself: one for reads alone leaves out every change of roles, keys and networks. One trail of a stack has to record both; others may be for objects alone.",
  remediation: 'eventSelectors: [{ readWriteType: "All", includeManagementEvents: true }]',
  types: ["aws:cloudtrail/trail:Trail"],
  controls: [
    awsFoundational(
      "CloudTrail.1",
      "CloudTrail should be enabled and configured with at least one multi-Region trail",
    ),
  ],
  scope: "stack",
  check(stack, verdict) {
    const trails = stack
      .ofTypes(["aws:cloudtrail/trail:Trail"])
      .map((trail) => ({ trail, kinds: ask(() => recordedBy(trail.fields)) }));
    const all = new Set(trails.flatMap(({ kinds }) => (kinds instanceof UnknownRead ? [] : [...kinds])));
    const isCovered = BOTH.every((kind) => all.has(kind));
    const open = trails.some(({ kinds }) => kinds instanceof UnknownRead);
    for (const { trail, kinds } of trails) {
      verdict.judge(trail, () => {
        if (isCovered) return;
        if (kinds instanceof UnknownRead) throw kinds;
        if (open || kinds.size === 0)
          verdict.indeterminate(trail, "records no management events, which another trail may do.");
        else
          verdict.fail(
            trail,
            "must record management events that read and that change: `readWriteType` `All` in a selector with `includeManagementEvents`.",
          );
      });
    }
  },
};
