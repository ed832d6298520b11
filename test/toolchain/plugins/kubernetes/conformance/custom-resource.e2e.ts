import * as assert from "node:assert";
import { randomBytes } from "node:crypto";
import type { Properties } from "../../../../../toolchain/plugins/shared/values";
import { Scenario } from "./scenario";

const CRD = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";

/** A group of its own for each run: definitions are shared by the whole cluster. */
const group = `${randomBytes(3).toString("hex")}.example.com`;
const WIDGET = `kubernetes:${group}/v1:Widget`;

function definition(properties: Properties): Properties {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { plural: "widgets", singular: "widget", kind: "Widget", listKind: "WidgetList" },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: "object",
              properties: { spec: { type: "object", required: ["size"], properties } },
            },
          },
        },
      ],
    },
  };
}

const SIZE = { size: { type: "integer", minimum: 1 } };

describe("kubernetes plugin conformance: custom resources", () => {
  let scenario: Scenario;
  before(async () => {
    scenario = await Scenario.start();
  });
  after(() => scenario?.stop());

  function widget(spec: Properties): Properties {
    return {
      apiVersion: `${group}/v1`,
      kind: "Widget",
      metadata: { name: "w", namespace: scenario.namespace },
      spec,
    };
  }

  it("takes objects of a kind that the same program defines", async () => {
    await scenario.make(CRD, "widgets", definition(SIZE), { preview: true });
    await scenario.make(WIDGET, "w", widget({ size: 3 }), { preview: true });

    const made = await scenario.make(CRD, "widgets", definition(SIZE));
    const conditions = (made.outputs.status as Properties).conditions as { type: string; status: string }[];
    assert.ok(conditions.some(({ type, status }) => type === "Established" && status === "True"));
    const object = await scenario.make(WIDGET, "w", widget({ size: 3 }));
    assert.strictEqual(object.id, `${scenario.namespace}/w`);

    const wider = definition({ ...SIZE, colour: { type: "string" } });
    const updated = await scenario.provider.update(CRD, "widgets", made, wider);
    const painted = widget({ size: 3, colour: "red" });
    await scenario.provider.update(WIDGET, "w", object, painted);
    assert.deepStrictEqual((await scenario.look(`${group}/v1`, "Widget", "w"))?.spec, {
      size: 3,
      colour: "red",
    });

    await scenario.provider.delete(WIDGET, "w", { ...object, inputs: painted });
    await scenario.provider.delete(CRD, "widgets", updated);
    // The definition went first: what is left of its objects counts as gone.
    await scenario.provider.delete(WIDGET, "w", object);
    assert.strictEqual(await scenario.provider.read(WIDGET, "w", object), undefined);
  });
});
