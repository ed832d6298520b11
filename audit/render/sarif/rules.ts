import type { ReportingDescriptor } from "sarif";
import type { ReportedRule } from "../../report";
import { codeBlock, prose } from "../markdown/escape";
import { cut, shownText } from "../text";
import { levelOf, SECURITY_SEVERITY } from "./levels";
import { description, LONGEST_RULE_NAME } from "./message";
import type { Taxonomies } from "./taxonomies";

/** GitHub takes no more; frameworks and severities are few. */
const MOST_TAGS = 20;

function helpText(rule: ReportedRule): string {
  const controls = rule.controls.map(
    ({ framework, version, id, title }) => `- ${framework} ${version}, ${id}: ${title}`,
  );
  return [
    rule.description,
    `To mend it in TypeScript: ${rule.remediation}`,
    ...(controls.length > 0 ? ["Controls:", ...controls] : []),
  ]
    .map(shownText)
    .join("\n");
}

function helpMarkdown(rule: ReportedRule): string {
  const controls = rule.controls.map(
    ({ framework, version, id, title, source }) =>
      `- ${prose(`${framework} ${version}`)}, **${prose(id)}**: ${prose(title)} (${prose(source)})`,
  );
  return [
    prose(rule.description),
    "",
    "**To mend it, in TypeScript**",
    "",
    codeBlock(rule.remediation, "ts"),
    ...(controls.length > 0 ? ["", "**Controls**", "", ...controls] : []),
  ].join("\n");
}

function tags({ severity, enforcement, controls }: ReportedRule): string[] {
  const frameworks = controls.map(({ framework, version }) => shownText(`${framework} ${version}`));
  return [...new Set(["security", severity, enforcement, ...frameworks])].slice(0, MOST_TAGS);
}

/** A rule as code scanning shows it beside its alerts. */
export const descriptorOf = (rule: ReportedRule, taxonomies: Taxonomies): ReportingDescriptor => ({
  id: rule.id,
  name: cut(shownText(rule.id), LONGEST_RULE_NAME),
  shortDescription: { text: description(rule.title) },
  fullDescription: { text: description(rule.description) },
  help: { text: helpText(rule), markdown: helpMarkdown(rule) },
  defaultConfiguration: { enabled: rule.enforcement !== "disabled", level: levelOf(rule) },
  relationships: rule.controls.map((control) => taxonomies.relationship(control)),
  properties: {
    tags: tags(rule),
    severity: rule.severity,
    enforcement: rule.enforcement,
    waivable: rule.waivable,
    ...(rule.parameters && { parameters: rule.parameters }),
    "security-severity": SECURITY_SEVERITY[rule.severity],
  },
});
