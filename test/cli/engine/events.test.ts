import assert from "node:assert/strict";
import { collectEvents, describeChanges, nameOf } from "../../../cli/engine/events";

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

describe("steps", () => {
  const oldInputs = { spec: { replicas: 1 } };
  const inputs = { spec: { replicas: 2 } };
  const metadata = (op: string) => ({
    op,
    urn,
    type: "kubernetes:apps/v1:Deployment",
    provider: "p",
    old: { inputs: oldInputs, outputs: { status: {} }, retainOnDelete: true },
    new: { inputs, outputs: {} },
    keys: ["spec.replicas"],
    diffs: ["spec"],
    detailedDiff: { "spec.replicas": { diffKind: "update-replace", inputDiff: true } },
  });

  it("carry both states and the provider's differences", () => {
    const { outcome, onEvent } = collectEvents(task);
    onEvent({ ...base, resourcePreEvent: { metadata: metadata("replace") } } as never);
    assert.deepEqual(outcome.steps, [
      {
        op: "replace",
        urn,
        type: "kubernetes:apps/v1:Deployment",
        provider: "p",
        inputs,
        oldInputs,
        oldOutputs: { status: {} },
        detailedDiff: { "spec.replicas": { diffKind: "update-replace", inputDiff: true } },
        diffs: ["spec"],
        replaceKeys: ["spec.replicas"],
        retained: true,
      },
    ]);
  });

  it("of a refresh become drift where inputs differ, and an update of the same resource does not", () => {
    const { outcome, onEvent } = collectEvents(task);
    for (const op of ["refresh", "update"]) {
      onEvent({ ...base, resourcePreEvent: { metadata: metadata(op) } } as never);
      onEvent({ ...base, resOutputsEvent: { metadata: metadata(op) } } as never);
    }
    assert.deepEqual(
      outcome.drift?.map(({ op, oldInputs: before, inputs: after }) => [op, before, after]),
      [["update", oldInputs, inputs]],
    );
  });

  it("of a refresh that finds nothing are a deletion, and one that finds the state true are nothing", () => {
    const { outcome, onEvent } = collectEvents(task);
    const found = metadata("refresh");
    for (const now of [null, found.old]) {
      onEvent({ ...base, resourcePreEvent: { metadata: found } } as never);
      onEvent({
        ...base,
        resOutputsEvent: { metadata: { ...found, new: now, detailedDiff: null } },
      } as never);
    }
    assert.deepEqual(
      outcome.drift?.map(({ op, inputs: after }) => [op, after]),
      [["delete", {}]],
    );
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

describe("nameOf", () => {
  it("takes a resource's name from its URN", () => assert.equal(nameOf(urn), "text"));
});
