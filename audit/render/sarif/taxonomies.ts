import type { ReportingDescriptorRelationship, ToolComponent } from "sarif";
import type { Control } from "../../../policies/model/controls";
import type { AuditReport } from "../../report";
import { compareText } from "../order";
import { shownText } from "../text";
import { description } from "./message";

export interface Taxonomies {
  readonly components: ToolComponent[];
  /** How a rule is related to the control, by the control's place among its framework's. */
  relationship(control: Control): ReportingDescriptorRelationship;
}

const nameOf = ({ framework, version }: Pick<Control, "framework" | "version">) =>
  shownText(`${framework} ${version}`);

/** A framework is a taxonomy, its controls that a rule helps to meet are the taxa. */
export function taxonomiesOf(report: Pick<AuditReport, "rules">): Taxonomies {
  const frameworks = new Map<string, Map<string, Control>>();
  for (const control of report.rules.flatMap(({ controls }) => controls)) {
    const name = nameOf(control);
    const controls = frameworks.get(name) ?? new Map<string, Control>();
    if (!controls.has(control.id)) controls.set(control.id, control);
    frameworks.set(name, controls);
  }
  const sorted = [...frameworks]
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, controls]) => ({
      name,
      controls: [...controls.values()].sort((a, b) => compareText(a.id, b.id)),
    }));
  const places = new Map(
    sorted.flatMap(({ name, controls }, index) =>
      controls.map(({ id }, at) => [`${name}\n${id}`, { index, at }] as const),
    ),
  );
  return {
    components: sorted.map(({ name, controls }) => ({
      name,
      version: shownText(controls[0]!.version),
      isComprehensive: false,
      contents: ["localizedData", "nonLocalizedData"],
      taxa: controls.map(({ id, title, source }) => ({
        id: shownText(id),
        name: shownText(id),
        shortDescription: { text: description(title) },
        properties: { source: shownText(source) },
      })),
    })),
    relationship(control) {
      const name = nameOf(control);
      const { index, at } = places.get(`${name}\n${control.id}`)!;
      return {
        target: { id: shownText(control.id), index: at, toolComponent: { name, index } },
        kinds: ["relevant"],
      };
    },
  };
}
