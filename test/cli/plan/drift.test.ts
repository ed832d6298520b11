import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { renderMarkdown, renderText } from "../../../cli/plan";
import { planFor, refreshed, update } from "./support";

const TYPE = "kubernetes:apps/v1:Deployment";
const state = { spec: { replicas: 2, template: { spec: { containers: [{ name: "server", image: "a" }] } } } };
const live = { spec: { replicas: 5, template: { spec: { containers: [{ name: "server", image: "b" }] } } } };

const managed = (manager: string, time: string, fieldsV1: object) => ({ manager, time, fieldsV1 });
const outputs = {
  ...live,
  status: { replicas: 5 },
  metadata: {
    managedFields: [
      managed("pulumi-kubernetes", "2026-01-01T00:00:00Z", {
        "f:spec": { "f:replicas": {}, "f:template": {} },
      }),
      managed("kubectl-scale", "2026-02-01T00:00:00Z", { "f:spec": { "f:replicas": {} } }),
      managed("kubectl-edit", "2026-02-02T00:00:00Z", {
        "f:spec": {
          "f:template": { "f:spec": { "f:containers": { 'k:{"name":"server"}': { "f:image": {} } } } },
        },
      }),
      managed("kube-controller-manager", "2026-02-03T00:00:00Z", { "f:status": { "f:replicas": {} } }),
    ],
  },
};

describe("drift", () => {
  const resource = { type: TYPE, before: state, after: live };
  const events = [...refreshed(resource, outputs), ...update({ type: TYPE, before: live, after: state })];

  it("is what differs from the last update, with whose hand it was where the cluster knows", () => {
    const { drift } = planFor(events);
    assert.deepEqual(
      drift.map(({ urn: _urn, ...rest }) => rest),
      [
        {
          op: "update",
          type: TYPE,
          name: "x",
          properties: [
            { path: "spec.replicas", kind: "update", from: 2, to: 5, replaces: false },
            {
              path: "spec.template.spec.containers[0].image",
              kind: "update",
              from: "a",
              to: "b",
              replaces: false,
            },
          ],
          by: ["kubectl-edit, 2026-02-02T00:00:00Z", "kubectl-scale, 2026-02-01T00:00:00Z"],
        },
      ],
    );
  });

  it("is no change of the plan by itself; what puts it back is", () => {
    assert.deepEqual(
      planFor(events).changes.map(({ op, reason }) => [op, reason.split(";")[0]]),
      [
        [
          "update",
          "changes the deployment: `spec.replicas` and `spec.template.spec.containers[0].image` changed",
        ],
      ],
    );
  });

  it("has a section of its own", () => {
    const plan = planFor(events);
    const by = "kubectl-edit, 2026-02-02T00:00:00Z; kubectl-scale, 2026-02-01T00:00:00Z";
    const markdown = renderMarkdown(plan);
    assert.ok(
      markdown.includes(
        `### Changed by hand (1)\n\n- **changed** \`${TYPE}\` \`x\` by \`${by}\`\n  - \`spec.replicas\`: \`2\` → \`5\`\n`,
      ),
      markdown,
    );
    // Colours are there where the tests run on a terminal or in CI.
    const text = stripVTControlCharacters(renderText(plan));
    assert.ok(text.includes(`changed ${TYPE} x by ${by}`), text);
  });

  it("knows what is gone", () => {
    const plan = planFor(refreshed({ type: TYPE, before: state }));
    assert.deepEqual(
      plan.drift.map(({ op, properties }) => [op, properties]),
      [["delete", []]],
    );
    assert.match(renderMarkdown(plan), /- \*\*gone\*\* `kubernetes:apps\/v1:Deployment` `x`\n/);
  });

  it("leaves out what moves by itself: status and the like are no inputs", () => {
    const moved = refreshed({ type: TYPE, before: state, after: state }, { status: { replicas: 1 } });
    assert.deepEqual(planFor(moved).drift, []);
  });
});
