import assert from "node:assert";
import { type Outcome, type PlainResource, runPack } from "../../policies/testing";
import { servingStackResources } from "./support/serving-stack";

describe("The local serving stack", () => {
  let resources: PlainResource[];
  let outcomes: Outcome[];
  before(async () => {
    resources = await servingStackResources();
    outcomes = await runPack(resources);
  });

  it("breaks no mandatory rule", () => {
    const broken = outcomes.filter(
      ({ state, enforcement }) => state === "fail" && enforcement === "mandatory",
    );
    assert.deepStrictEqual(
      broken.map(({ rule, message }) => `${rule}: ${message}`),
      [],
    );
  });

  it("leaves nothing unjudged", () => {
    assert.deepStrictEqual(
      outcomes.filter(({ state }) => state === "indeterminate"),
      [],
    );
  });

  it("is warned only of what it does on purpose: a node port for Prometheus, one pod for the smaller service, unsigned samples", () => {
    const warned = new Set(outcomes.filter(({ state }) => state === "fail").map(({ rule }) => rule));
    for (const intended of ["service-node-port", "deployment-minimum-replica-count", "model-signature"])
      warned.delete(intended);
    assert.deepStrictEqual([...warned], []);
  });

  const guards: readonly [kind: string, rule: string][] = [
    ["SecurityPolicy", "route-effective-authentication"],
    ["BackendTLSPolicy", "route-backend-tls"],
    ["NetworkPolicy", "namespace-default-deny"],
    ["PodDisruptionBudget", "deployment-disruption-budget"],
  ];
  for (const [kind, rule] of guards) {
    it(`would be caught without its ${kind}`, async () => {
      const found = await runPack(resources.filter(({ type }) => !type.endsWith(`:${kind}`)));
      assert.ok(found.some((outcome) => outcome.rule === rule && outcome.state === "fail"));
    });
  }

  it("is what the rules are about", () => {
    const kinds = new Set(resources.map(({ type }) => type.split(":").at(-1)));
    for (const kind of [
      "Deployment",
      "NetworkPolicy",
      "Gateway",
      "HTTPRoute",
      "GRPCRoute",
      "SecurityPolicy",
      "BackendTLSPolicy",
    ]) {
      assert.ok(kinds.has(kind), `the stack declares no ${kind}`);
    }
  });
});
