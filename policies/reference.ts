import type { CatalogEntry } from "./catalog";
import type { Control } from "./model/controls";
import { groupBy } from "./model/group-by";
import type { Rule } from "./model/rule";
import { DEFAULT_PROFILE, PROFILES } from "./profiles/profiles";
import { CONFIG_NAMESPACE } from "./profiles/settings";
import { remediations } from "./remediation";

const REMEDIABLE = [...remediations.keys()].map((id) => `[\`${id}\`](#${id})`).join(", ");

const INTRODUCTION = `# Policy rules

The pack \`slipway\` is checked on every \`up\` and \`preview\`. It judges any other stack as well, and needs nothing else of
this project:

\`\`\`sh
pulumi preview --policy-pack policies                                 # in a checkout
pulumi preview --policy-pack node_modules/@slipway/slipway/policies   # with the npm package
\`\`\`

A violation of a **mandatory** rule stops the run before anything is changed; an **advisory** one is a warning. Where a
preview cannot know a value yet, the rule says that it can't run: nothing passes in silence, and the update judges again.

## Profiles, levels and parameters

A profile chooses the rules and how they are enforced; \`SLIPWAY_POLICY_PROFILE=pod-security-restricted pulumi preview …\`
takes another one than \`${DEFAULT_PROFILE}\` for one run, and \`pci-dss,soc2\` takes what either does. A stack's own choice stands in its
configuration, under a namespace that no program has to know:

\`\`\`sh
pulumi config set ${CONFIG_NAMESPACE}:profile aws-fsbp,baseline
\`\`\`

The variable goes over the stack's configuration, and that over the file below. A profile that does not exist, in any of the
three, ends the run with a sentence, and so does another key in that namespace.

${table(
  ["Profile", "Takes"],
  PROFILES.map(({ name, doc }) => [`\`${name}\``, doc]),
).join("\n")}

Levels and parameters of single rules go over the profile. They stand in a file that \`SLIPWAY_POLICY_SETTINGS\` names; a
profile, rule or parameter that does not exist ends the run with a sentence:

\`\`\`json
{
  "profile": ["baseline", "aws-fsbp"],
  "rules": {
    "service-node-port": "mandatory",
    "container-capabilities-dropped": "remediate",
    "deployment-minimum-replica-count": { "enforcementLevel": "advisory", "minimum": 3 }
  }
}
\`\`\`

The engine's own \`--policy-pack-config FILE\` takes what stands under \`rules\` here, goes over both, and knows \`all\` as the name
of every rule; a rule that does not exist it passes over.

Rules about how long AWS supports a version (\`eks-version\`, \`lambda-runtime\`) judge by a table that came with the pack: its source
and its day stand in the rule. They judge as of today, an audit as of its day (\`asOf\` says another). What the table does not
know is indeterminate, and so is what it calls supported once it is more than a year old.

## Remediation

With the level \`remediate\` the pack mends a resource before it is made, and the engine says what it changed; what it could not
mend is a violation of a mandatory rule. It is for rules marked as such below: ${REMEDIABLE}. Nothing is mended that
complies, that is not known yet, or that somebody has plainly chosen; what would replace a volume or a database is not among
them. Nothing is mended unless a rule is set to it.

## Limits

What the pack cannot see: whether a value is a Pulumi secret. The engine hands policies plain values, so the rules on
credentials go by what a text looks like and what it is called. Objects made by a Helm release or an operator are not
resources of the stack; the namespace rules are there for them. A patch (\`DeploymentPatch\`, \`ClusterRoleBindingPatch\`) shows
only a part of its object and is judged by no rule but [\`patch-resource\`](#patch-resource), which names it.

## About this page

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
    ...(rule.waivable === false ? ["- Cannot be waived."] : []),
    ...(remediations.has(rule.id) ? ["- Can be mended by the pack: level `remediate`."] : []),
    `- On ${rule.types.map((type) => `\`${type}\``).join(", ")}.`,
    ...Object.entries(rule.configSchema?.properties ?? {}).map(
      ([name, schema]) =>
        `- Parameter \`${name}\`: ${schema.description ?? ""} Default ${JSON.stringify(schema.default)}.`,
    ),
    ...renderControls(rule.controls),
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

/** One line a document: its controls, then where it is written that the rule helps to meet them. */
function renderControls(controls: readonly Control[]): string[] {
  const documents = groupBy(controls, ({ framework, version }) => `${framework} ${version}`);
  return [...documents].map(([document, ofDocument]) => {
    const sources = new Set(ofDocument.map(({ source }) => renderSource(source)));
    return `- ${document}: ${ofDocument.map(renderControl).join("; ")}. Source: ${[...sources].join("; ")}.`;
  });
}

function renderControl({ id, title }: Control): string {
  return id.endsWith(title) ? id : `${id} “${title.replace(/\.$/, "")}”`;
}

function renderSource(source: string): string {
  return source.startsWith("https://") ? `<${source}>` : source;
}
