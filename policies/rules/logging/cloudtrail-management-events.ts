import { awsFoundational } from "../../model/controls";
import type { Field } from "../../model/field";
import { inputRule } from "../../model/input-rule";
import { saysOff } from "../../model/scalars";

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

export const cloudtrailManagementEvents = inputRule(
  {
    id: "cloudtrail-management-events",
    title: "Trails record who changed what, and who looked",
    severity: "high",
    description:
      "Selectors take the place of what a trail records by itself: one for objects alone, or for reads alone, leaves out every change of roles, keys and networks.",
    remediation: 'eventSelectors: [{ readWriteType: "All", includeManagementEvents: true }]',
    types: ["aws:cloudtrail/trail:Trail"],
    controls: [
      awsFoundational(
        "CloudTrail.1",
        "CloudTrail should be enabled and configured with at least one multi-Region trail",
      ),
    ],
  },
  (fields) => {
    const [simple, detailed] = [fields.get("eventSelectors"), fields.get("advancedEventSelectors")].map(
      (list) => list.items(),
    ) as [Field[], Field[]];
    // Without selectors a trail records all management events.
    if (simple.length === 0 && detailed.length === 0) return undefined;
    const recorded = [...classic(simple), ...advanced(detailed)];
    const has = (kind: string) => recorded.includes("All") || recorded.includes(kind);
    if (!has("WriteOnly"))
      return "must record management events that change something: `readWriteType` `All` in a selector with `includeManagementEvents`.";
    return has("ReadOnly")
      ? undefined
      : "must record management events that read: `readWriteType` `All` in a selector with `includeManagementEvents`.";
  },
);
