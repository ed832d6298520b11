import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv, { type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { dashboardJson, dashboards } from "../../dashboards";
import { chartsOf, type DashboardPanel } from "./support/expressions";

interface Definition {
  readonly const?: string;
  readonly properties?: Record<string, { type?: string }>;
}
interface Schema {
  readonly definitions: Readonly<Record<string, Definition>>;
}
type Committed = ReturnType<(typeof dashboards)[string]>;

const read = (name: string) =>
  JSON.parse(readFileSync(join(__dirname, "schema", `${name}.jsonschema.json`), "utf8")) as Schema;

/**
 * Grafana's own schema, less one mistake in it: what its CUE definitions declare as "anything" (`options?: _` of a matcher, `value?: _`
 * of an override) came out as "an object". Grafana writes texts there itself.
 */
function dashboardSchema(): Schema {
  const schema = read("dashboard");
  const anything = (definition: string, property: string) => {
    const properties = schema.definitions[definition]!.properties!;
    assert.equal(properties[property]!.type, "object", "the schema has been mended");
    properties[property] = {};
  };
  anything("MatcherConfig", "options");
  anything("DynamicConfigValue", "value");
  return schema;
}

/** Grafana's names of panel types, and of the files that describe them. */
const PANEL_SCHEMA: Readonly<Record<string, string>> = {
  timeseries: "timeseries",
  stat: "stat",
  table: "table",
  "state-timeline": "statetimeline",
  heatmap: "heatmap",
};

const ajv = addFormats(new Ajv({ allErrors: true, strict: false }));
const isDashboard = ajv.compile(dashboardSchema());
const isQuery = ajv.compile(read("prometheus"));
for (const file of Object.values(PANEL_SCHEMA)) ajv.addSchema(read(file), file);

const part = (type: string, definition: string): ValidateFunction | undefined =>
  ajv.getSchema(`${PANEL_SCHEMA[type]}#/definitions/${definition}`);

function holds(validate: ValidateFunction, value: unknown, what: string): void {
  const valid = validate(value);
  assert.ok(valid, `${what}: ${ajv.errorsText(validate.errors)}`);
}

describe("Grafana's JSON schema", () => {
  for (const name of Object.keys(dashboards)) {
    const dashboard = JSON.parse(dashboardJson(name)) as Committed;

    it(`allows ${name}`, () => holds(isDashboard, dashboard, name));

    it(`allows the panels of ${name}, each by its type, and their queries`, () => {
      for (const { type, title, options, fieldConfig, targets } of chartsOf(dashboard)) {
        holds(part(type, "Options")!, options ?? {}, `options of ${title}`);
        const custom = part(type, "FieldConfig");
        if (custom) holds(custom, fieldConfig?.defaults?.custom ?? {}, `fields of ${title}`);
        for (const target of targets ?? []) holds(isQuery, target, `a query of ${title}`);
      }
    });

    it(`knows the units of ${name}`, () => {
      const units = new Set(Object.values(read("units").definitions).map((unit) => unit.const));
      const used = [...dashboardJson(name).matchAll(/"unit": "([^"]+)"/g)].map(([, unit]) => unit!);
      assert.ok(used.length > 0);
      for (const unit of used) assert.ok(units.has(unit), unit);
    });
  }

  it("refuses what a dashboard cannot have", () => {
    const fleet = JSON.parse(dashboardJson("fleet")) as Committed & { titel?: string };
    fleet.titel = "Fleet";
    assert.equal(isDashboard(fleet), false);
    assert.match(ajv.errorsText(isDashboard.errors), /must NOT have additional properties/);
    const [panel] = chartsOf(fleet) as (DashboardPanel & { options: object })[];
    assert.equal(part("stat", "Options")!({ ...panel!.options, graphMode: "areas" }), false);
  });
});
