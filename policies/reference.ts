import type { CatalogEntry } from "./catalog";
import type { Control } from "./model/controls";
import type { Rule } from "./model/rule";

const INTRODUCTION = `# Policy rules

The pack \`slipway\` is checked on every \`up\` and \`preview\`. It judges any other stack as well, and needs nothing else of
this project:

\`\`\`sh
pulumi preview --policy-pack policies                                 # in a checkout
pulumi preview --policy-pack node_modules/@slipway/slipway/policies   # with the npm package
\`\`\`

A violation of a **mandatory** rule stops the run before anything is changed; an **advisory** one is a warning. Where a
preview cannot know a value yet, the rule says that it can't run: nothing passes in silence, and the update judges again.

Enforcement and parameters can be changed with \`--policy-pack-config FILE\`:

\`\`\`json
{
  "service-node-port": "mandatory",
  "deployment-minimum-replica-count": { "enforcementLevel": "advisory", "minimum": 3 }
}
\`\`\`

What the pack cannot see: whether a value is a Pulumi secret. The engine hands policies plain values, so the rules on
credentials go by what a text looks like and what it is called. Objects made by a Helm release or an operator are not
resources of the stack; the namespace rules are there for them.

This page is made from the rules themselves, and a test holds the two equal.
`;

/** The reference page: the introduction, a table of all rules, then each rule in full. */
export function renderReference(entries: readonly CatalogEntry[]): string {
  const rows = entries.map(({ rule, enforcement }) => [
    `[\`${rule.id}\`](#${rule.id})`,
    rule.title,
    rule.severity,
    enforcement,
  ]);
  const mandatory = entries.filter(({ enforcement }) => enforcement === "mandatory").length;
  const count = `${entries.length} rules, ${mandatory} of them mandatory.`;
  const sections = entries.map(({ rule, enforcement }) => renderRule(rule, enforcement));
  return [
    INTRODUCTION,
    count,
    "",
    ...table(["Rule", "What it asks", "Severity", "Enforcement"], rows),
    "",
    ...sections,
  ]
    .join("\n")
    .trimEnd()
    .concat("\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map((row) => line(row))];
}

function renderRule(rule: Rule, enforcement: string): string {
  const facts = [
    `- Severity ${rule.severity}, ${enforcement}, judged ${rule.scope === "stack" ? "across the stack" : "on each resource"}.`,
    `- On ${rule.types.map((type) => `\`${type}\``).join(", ")}.`,
    ...Object.entries(rule.configSchema?.properties ?? {}).map(
      ([name, schema]) =>
        `- Parameter \`${name}\`: ${schema.description ?? ""} Default ${JSON.stringify(schema.default)}.`,
    ),
    ...rule.controls.map(renderControl),
  ];
  return [
    `## ${rule.id}`,
    "",
    `**${rule.title}.** ${rule.description}`,
    "",
    "```ts",
    rule.remediation,
    "```",
    "",
    ...facts,
    "",
  ].join("\n");
}

function renderControl({ framework, version, id, title, source }: Control): string {
  const named = id.endsWith(title) ? id : `${id} “${title.replace(/\.$/, "")}”`;
  return `- ${framework} ${version}: ${named}. Source: ${source.startsWith("https://") ? `<${source}>` : source}.`;
}
