import assert from "node:assert/strict";
import { collectEvents, describeChanges, nameOf } from "../../cli/engine/events";
import { planOf, renderMarkdown } from "../../cli/plan";

const urn = "urn:pulumi:local::slipway::kubernetes:apps/v1:Deployment::text";
const task = { update() {}, done() {}, fail() {} };
const base = { sequence: 0, timestamp: 0 };

describe("engine events", () => {
  it("become an outcome", () => {
    const { outcome, onEvent } = collectEvents(task);
    const metadata = {
      op: "create",
      urn,
      type: "kubernetes:apps/v1:Deployment",
      provider: "p",
      new: { inputs: { a: 1 } },
    };
    onEvent({ ...base, resourcePreEvent: { metadata } } as never);
    onEvent({
      ...base,
      policyEvent: {
        resourceUrn: urn,
        message: "<{%fg 1%}>no digest<{%reset%}>",
        policyName: "image-by-digest",
        policyPackName: "slipway",
        enforcementLevel: "mandatory",
      },
    } as never);
    onEvent({ ...base, diagnosticEvent: { urn, message: "boom\n", severity: "error" } } as never);
    onEvent({ ...base, summaryEvent: { resourceChanges: { create: 1, same: 2 } } } as never);
    assert.deepEqual(outcome, {
      steps: [{ op: "create", urn, type: "kubernetes:apps/v1:Deployment", provider: "p", inputs: { a: 1 } }],
      violations: [
        { policy: "image-by-digest", pack: "slipway", message: "no digest", urn, mandatory: true },
      ],
      errors: ["text: boom"],
      warnings: [],
      changes: { create: 1, same: 2 },
    });
  });
});

describe("describeChanges", () => {
  for (const [changes, words] of [
    [{ same: 61 }, "0 to change, 61 unchanged"],
    [{ create: 3, update: 1, same: 2 }, "3 to create, 1 to update, 2 unchanged"],
    [{}, "0 to change"],
  ] as const) {
    it(words, () => assert.equal(describeChanges(changes), words));
  }
});

describe("plan", () => {
  it("takes a resource's name from its URN", () => assert.equal(nameOf(urn), "text"));

  it("keeps a hostile name inside its code span and its table cell", () => {
    const hostile = `${urn}\`| <script>\n`;
    const plan = planOf("local", {
      steps: [{ op: "create", urn: hostile, type: "t", provider: "", inputs: {} }],
      violations: [],
      errors: [],
      warnings: [],
      changes: { create: 1 },
    });
    const row = renderMarkdown(plan)
      .split("\n")
      .find((line) => line.includes("script"));
    assert.equal(row, "| create | `t` | `text   <script> ` |");
  });
});
