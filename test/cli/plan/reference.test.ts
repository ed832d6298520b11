import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { renderJson } from "../../../cli/plan";
import { kindOf, RULES } from "../../../cli/plan/risk";
import { RISK_LEVELS, RISK_TITLES } from "../../../cli/plan/risk-level";
import { planSchema } from "../../../cli/plan/schema";
import { projectRoot } from "../../../toolchain/paths";
import { table } from "../../support/reference-page";
import { finding, only, planFor, refreshed, remove, update } from "./support";

const PAGE = join(projectRoot, "docs/reference/preview.md");

interface Node {
  type?: string | string[];
  description?: string;
  const?: unknown;
  enum?: string[];
  anyOf?: Node[];
  items?: Node;
  properties?: Record<string, Node>;
  required?: string[];
}

function takes({ type, const: only, enum: choices, anyOf, items }: Node): string {
  if (only !== undefined) return `\`${String(only)}\``;
  if (choices) return choices.map((choice) => `\`${choice}\``).join(", ");
  if (anyOf) return anyOf.map(takes).join(" or ");
  if (Array.isArray(type)) return type.map((one) => takes({ type: one })).join(" or ");
  if (type === "array") return items?.properties ? "list" : `list of ${takes(items ?? {})}`;
  const names: Record<string, string> = { string: "text", integer: "whole number", boolean: "true or false" };
  return names[type ?? ""] ?? type ?? "anything";
}

function fieldRows(node: Node, prefix = ""): string[][] {
  return Object.entries(node.properties ?? {}).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const row = [`\`${path}\``, takes(field), field.description ?? ""];
    const inner =
      field.type === "array" ? fieldRows(field.items ?? {}, `${path}[].`) : fieldRows(field, `${path}.`);
    return [row, ...inner];
  });
}

/** Kinds by what their deletion risks. */
function deletions(): string {
  const typeOf = (kind: string) =>
    kind
      .replace(/^kubernetes:(.+)\/(\w+)$/, "kubernetes:$1/v1:$2")
      .replace(/^(aws|tls):(\w+)\/(\w+)$/, "$1:$2/x:$3");
  const rows = RISK_LEVELS.map((level) => {
    const kinds = Object.keys(RULES).filter((kind) => {
      assert.equal(kindOf(typeOf(kind)), kind);
      return only(remove({ type: typeOf(kind), before: {} })).risk === level;
    });
    const groups = [...new Set(kinds.map((kind) => kind.split("/")[0]!))].sort();
    const members = (group: string) =>
      kinds.flatMap((kind) => (kind.startsWith(`${group}/`) ? [kind.slice(group.length + 1)] : []));
    return [`\`${level}\``, groups.map((group) => `\`${group}\`: ${members(group).join(", ")}`).join("; ")];
  });
  return table(
    ["risk", "kinds"],
    rows.filter(([, kinds]) => kinds !== ""),
  );
}

const TABLES = {
  levels: () =>
    table(
      ["level", "means"],
      RISK_LEVELS.map((level) => [`\`${level}\``, RISK_TITLES[level].toLowerCase()]),
    ),
  deletions,
  fields: () =>
    table(
      ["field", "takes", "meaning"],
      fieldRows(z.toJSONSchema(planSchema, { io: "output" }) as unknown as Node),
    ),
  example: () => {
    const service = {
      type: "kubernetes:core/v1:Service",
      name: "text-service",
      before: { spec: { selector: { slot: "blue" } } },
      after: { spec: { selector: { slot: "green" } } },
      diff: { "spec.selector.slot": "update" },
    };
    const plan = planFor(update(service), { update: 1, same: 59 });
    return `\`\`\`json\n${renderJson(plan)}\`\`\``;
  },
};

describe("docs/reference/preview.md", () => {
  for (const [name, content] of Object.entries(TABLES)) {
    it(`has the ${name} that the code has (UPDATE_DOCS=1 writes them)`, () => {
      const page = readFileSync(PAGE, "utf8");
      const begin = `<!-- ${name} -->\n`;
      const from = page.indexOf(begin) + begin.length;
      const to = page.indexOf("\n<!-- end -->", from);
      assert.ok(
        page.includes(begin) && to > 0,
        `the page has no part between ${begin.trim()} and <!-- end -->`,
      );
      if (process.env.UPDATE_DOCS) writeFileSync(PAGE, page.slice(0, from) + content() + page.slice(to));
      else assert.equal(page.slice(from, to), content());
    });
  }

  it("describes every field", () => {
    for (const [field, , meaning] of fieldRows(z.toJSONSchema(planSchema) as unknown as Node)) {
      assert.ok(meaning || /counts\./.test(field!), field);
    }
  });
});

describe("the JSON of a plan", () => {
  it("is what the schema says, with everything in it", () => {
    const resource = { type: "kubernetes:apps/v1:Deployment", before: { a: 1 }, after: { a: null } };
    const events = [
      ...refreshed(resource),
      ...update(resource),
      ...finding(resource, "message"),
      ...finding({ type: "t" }, "message", true),
    ];
    const plan = planFor(events);
    assert.deepEqual(planSchema.parse(JSON.parse(renderJson(plan))), plan);
    assert.deepEqual([plan.version, plan.drift.length, plan.violations.length], [1, 1, 2]);
  });
});
