import assert from "node:assert/strict";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import fc from "fast-check";
import { renderJson, renderMarkdown, renderText } from "../../../cli/plan";
import { MARKDOWN_LIMIT } from "../../../cli/plan/render-markdown";
import { planSchema } from "../../../cli/plan/schema";
import {
  create,
  finding,
  planFor,
  remove,
  replace,
  same,
  update,
  type Inputs,
  type Resource,
} from "./support";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const CLAIM = "kubernetes:core/v1:PersistentVolumeClaim";

describe("a plan in Markdown", () => {
  it("has a table of risks, and each change with its properties and its findings", () => {
    const service: Resource = {
      type: "kubernetes:core/v1:Service",
      name: "text",
      before: { spec: { selector: { app: "a" } } },
      after: { spec: { selector: { app: "b" } } },
      diff: { "spec.selector.app": "update" },
    };
    const events = [
      ...finding(service, "has no owner"),
      ...update(service),
      ...finding({ type: DEPLOYMENT, name: "quiet" }, "is not by digest", true),
      ...remove({ type: CLAIM, name: "data", before: {} }),
    ];
    assert.equal(
      renderMarkdown(planFor(events, { delete: 1, update: 1 })),
      `## Preview of \`dev\`: 1 to delete, 1 to update

| risk | changes |
|---|--:|
| Loses data | 1 |
| Interrupts traffic | 1 |

### Policy findings (1)

- **mandatory** \`some-rule\`: \`is not by digest\` on \`quiet\`

<details open><summary>Loses data (1)</summary>

- **delete** \`${CLAIM}\` \`data\`: deletes the volume claim; its volume and the data on it go, unless the reclaim policy retains them

</details>

<details open><summary>Interrupts traffic (1)</summary>

- **update** \`kubernetes:core/v1:Service\` \`text\`: changes the service: \`spec.selector.app\` changed; traffic goes to other pods
  - \`spec.selector.app\`: \`a\` → \`b\`
  - **advisory** \`some-rule\`: \`has no owner\`

</details>
`,
    );
  });

  it("says that nothing changes", () => {
    const plan = planFor(same({ type: DEPLOYMENT, after: {} }), { same: 1 });
    assert.equal(plan.risk, null);
    assert.equal(renderMarkdown(plan), "## Preview of `dev`: 0 to change, 1 unchanged\n\nNothing changes.\n");
  });

  it("has GPUs and cores before and after", () => {
    const inputs = (replicas: number) => ({
      spec: {
        replicas,
        template: { spec: { containers: [{ resources: { requests: { "nvidia.com/gpu": 1 } } }] } },
      },
    });
    const markdown = renderMarkdown(
      planFor(update({ type: DEPLOYMENT, before: inputs(1), after: inputs(2) })),
    );
    assert.ok(markdown.includes("| pods ask for `nvidia.com/gpu` | 1 | 2 |\n"), markdown);
  });

  const HOSTILE = "x`|</details><img src=x onerror=alert(1)>\n# @everyone [a](//javascript) \u202e\u0007";

  it("keeps hostile names, values, keys and messages inside their code spans", () => {
    const resource = { type: `t:${HOSTILE}`, name: HOSTILE };
    const events = [
      ...update({ ...resource, before: { [HOSTILE]: HOSTILE }, after: { [HOSTILE]: `${HOSTILE}2` } }),
      ...finding(resource, HOSTILE),
      ...finding({ type: "t", name: HOSTILE }, HOSTILE),
    ];
    for (const line of renderMarkdown(planFor(events)).split("\n")) {
      const outside = line.replace(/`[^`]*`/g, "");
      assert.doesNotMatch(outside, /onerror|@everyone|javascript|`/, line);
      assert.ok(/^(#{2,3} |\||- | {2}- |<\/?details|$)/.test(line), line);
    }
  });

  it("sends a terminal nothing that could move its cursor", () => {
    const resource = {
      type: "a:b:c",
      name: "n\u001b[2J\u009b1m",
      before: { k: "\u001b]0;x\u0007" },
      after: {},
    };
    const text = renderText(planFor([...update(resource), ...finding(resource, "\u001b[31m")]));
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(text.replace(/\u001b\[\d+m/g, ""), /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  const many = (count: number, resource: (at: number) => Resource, op = update) =>
    Array.from({ length: count }, (_, at) => op(resource(at))).flat();
  const properties = (at: number): Inputs =>
    Object.fromEntries(Array.from({ length: 15 }, (_, key) => [`property${key}`, `${"v".repeat(100)}${at}`]));
  const harmless = (at: number) => ({
    type: "some:index/kind:Kind",
    name: `n${at}`,
    before: {},
    after: properties(at),
  });

  it("folds from the harmless end, first the properties, then to counts by type, and says so last", () => {
    const losses = many(20, (at) => ({ type: CLAIM, name: `data${at}`, before: {} }), remove);
    const some = renderMarkdown(planFor([...losses, ...many(60, harmless)]));
    assert.ok(some.length <= MARKDOWN_LIMIT);
    assert.match(some, /\*\*update\*\* `some:index\/kind:Kind` `n59`/);
    assert.doesNotMatch(some, /vvv/);
    assert.ok(
      some.endsWith("_Left out to fit a comment: harmless: the properties. The JSON has all of it._\n"),
      some,
    );

    const most = renderMarkdown(planFor([...losses, ...many(1000, harmless)]));
    assert.match(most, /Harmless \(1000\)<\/summary>\n\n- \*\*update\*\* `some:index\/kind:Kind`: 1000\n/);
    assert.match(most, /`data19`: deletes the volume claim/);
    assert.ok(most.endsWith("harmless: all but counts by type. The JSON has all of it._\n"));
  });

  it("tells a finding beside a change that is only counted", () => {
    const events = [...many(1000, harmless), ...finding(harmless(7), "has no owner")];
    assert.match(
      renderMarkdown(planFor(events)),
      /### Policy findings \(1\)\n\n- .*`has no owner` on `n7`\n/,
    );
  });
});

const OPERATIONS = [create, update, remove, replace];
const TYPES = [
  DEPLOYMENT,
  CLAIM,
  "aws:iam/role:Role",
  "aws:ec2/eip:Eip",
  "kubernetes:core/v1:Secret",
  "a:b:c",
];

const value = fc.oneof(fc.string({ maxLength: 300 }), fc.integer(), fc.boolean(), fc.constant(null));
const inputs = fc.dictionary(
  fc.oneof(fc.string(), fc.constantFrom("spec", "data", "replicas", "policy", "metadata")),
  fc.oneof(value, fc.dictionary(fc.string(), value, { maxKeys: 5 }), fc.array(value, { maxLength: 3 })),
  { maxKeys: 6 },
);
const resource = fc.record({
  type: fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...TYPES) }, { weight: 1, arbitrary: fc.string() }),
  before: inputs,
  after: inputs,
});
const groups = fc
  .array(fc.tuple(fc.constantFrom(...OPERATIONS), resource, fc.option(fc.string({ maxLength: 2000 }))), {
    maxLength: 40,
  })
  .map((list) =>
    list.map(([operation, found, message], at): EngineEvent[] => {
      const named = { ...found, name: `r${at}`, keys: Object.keys(found.after).slice(0, 1) };
      return [...operation(named), ...(message === null ? [] : finding(named, message, at % 2 === 0))];
    }),
  );

/** What really varies from run to run: the order between resources. Of one resource, events come one after the other. */
function interleaved(list: readonly EngineEvent[][], picks: readonly number[]): EngineEvent[] {
  const rest = list.map((events) => [...events]);
  const result: EngineEvent[] = [];
  for (let at = 0; rest.some((events) => events.length > 0); at++) {
    const open = rest.filter((events) => events.length > 0);
    result.push(open[(picks[at % picks.length] ?? 0) % open.length]!.shift()!);
  }
  return result;
}

describe("any plan", () => {
  it("is the same text however the engine's events are interleaved", () => {
    fc.assert(
      fc.property(groups, fc.array(fc.nat(), { minLength: 1, maxLength: 60 }), (list, picks) => {
        const [a, b] = [planFor(list.flat()), planFor(interleaved(list, picks))];
        assert.equal(renderMarkdown(a), renderMarkdown(b));
        assert.equal(renderJson(a), renderJson(b));
        assert.equal(renderText(a), renderText(b));
      }),
      { numRuns: 40 },
    );
  });

  it("fits the schema, and a comment, as often as everything in it is repeated", () => {
    fc.assert(
      fc.property(groups, fc.constantFrom(1, 5, 30), (list, times) => {
        const events = Array.from({ length: times }, (_, round) =>
          list.flat().map((event) => {
            const renamed = JSON.stringify(event).replace(
              /::r(\d+)"/g,
              `::r$1-${round}${"n".repeat(round * 20)}"`,
            );
            return JSON.parse(renamed) as EngineEvent;
          }),
        ).flat();
        const plan = planFor(events);
        planSchema.parse(JSON.parse(renderJson(plan)));
        assert.ok(renderMarkdown(plan).length <= MARKDOWN_LIMIT);
      }),
      { numRuns: 15 },
    );
  });

  it("fits a comment where every type, name, policy and message is as long as can be", () => {
    const long = (at: number) => ({ type: `t:${at}${"y".repeat(400)}`, name: `${at}${"n".repeat(400)}` });
    const events = Array.from({ length: 700 }, (_, at) => [
      ...remove({ ...long(at), before: {} }),
      ...finding(long(at), "m".repeat(3000)),
    ]).flat();
    const markdown = renderMarkdown(planFor(events));
    assert.ok(markdown.length <= MARKDOWN_LIMIT, String(markdown.length));
    assert.match(markdown, /- _and \d+ more types_\n/);
    assert.match(markdown, /what is beyond \d+ in a list\. The JSON has all of it\._\n$/);
  });

  it("names resources that get a random name alike in every run", () => {
    const run = (end: string) => [
      ...create({
        type: "kubernetes:core/v1:Secret",
        name: "text-tls",
        after: { metadata: { name: `text-tls-${end}` } },
      }),
      ...update({
        type: DEPLOYMENT,
        name: "text",
        before: { spec: { secretName: "text-tls-0000aaaa" } },
        after: { spec: { secretName: `text-tls-${end}` } },
      }),
      ...finding({ type: DEPLOYMENT, name: "text" }, `mounts \`text-tls-${end}\``),
    ];
    const [a, b] = [planFor(run("12ab34cd")), planFor(run("98fe76dc"))];
    assert.equal(renderJson(a), renderJson(b));
    assert.deepEqual(a.changes[1]?.properties[0]?.to, "text-tls-(generated)");
    assert.deepEqual(a.violations[0]?.message, "mounts `text-tls-(generated)`");
  });
});
