import assert from "node:assert/strict";
import { collectState } from "../../../audit/collect/collect-state";
import type { ConfiguredRule } from "../../../audit/rules";
import { unconfigured } from "../../../audit/rules";
import { catalog } from "../../../policies/catalog";
import type { StackRule } from "../../../policies/model/rule";
import {
  AROUND,
  configured,
  exported,
  hasDeployment,
  noBad,
  RULES,
  STACK,
  stateResource,
  urnOf,
} from "../support/rules";

const collect = (rules: readonly ConfiguredRule[], ...resources: object[]) =>
  collectState(exported(...resources), rules, AROUND);

const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1" };

describe("collectState", () => {
  it("gives a finding to every resource that a rule is about", () => {
    const { findings } = collect(
      RULES,
      stateResource("Deployment", "web"),
      stateResource("Deployment", "api", { bad: true }),
      stateResource("Service", "web"),
      stateResource("Service", "lost"),
      stateResource("ConfigMap", "settings"),
    );
    assert.deepEqual(findings, [
      { rule: "no-bad", resource: urnOf("Deployment", "web"), state: "pass", messages: [] },
      {
        rule: "no-bad",
        resource: urnOf("Deployment", "api"),
        state: "fail",
        messages: ["Deployment `api` must not be bad."],
      },
      { rule: "has-deployment", resource: urnOf("Service", "web"), state: "pass", messages: [] },
      {
        rule: "has-deployment",
        resource: urnOf("Service", "lost"),
        state: "fail",
        messages: ["Service `lost` has no Deployment."],
      },
    ]);
  });

  it("gives a rule without any resource one finding, on the stack, with the reason", () => {
    const { findings } = collect(RULES, stateResource("ConfigMap", "settings"));
    assert.deepEqual(findings, [
      {
        rule: "no-bad",
        resource: STACK,
        state: "not-applicable",
        messages: ["The stack has no resource that the rule is about: kubernetes:apps/*:Deployment."],
      },
      {
        rule: "has-deployment",
        resource: STACK,
        state: "not-applicable",
        messages: ["The stack has no resource that the rule is about: kubernetes:core/*:Service."],
      },
    ]);
  });

  it("shows a rule that the configuration disables", () => {
    const { findings } = collect(
      [configured(noBad, "disabled")],
      stateResource("Deployment", "web", { bad: 1 }),
    );
    assert.deepEqual(findings, [
      {
        rule: "no-bad",
        resource: STACK,
        state: "not-applicable",
        messages: ["The policy configuration disables the rule."],
      },
    ]);
  });

  it("hands a rule its parameters", () => {
    const rules = [configured(noBad, "mandatory", { word: "evil" })];
    const [finding] = collect(rules, stateResource("Deployment", "web", { bad: 1 })).findings;
    assert.deepEqual(finding?.messages, ["Deployment `web` must not be evil."]);
  });

  it("cannot judge by a secret, and says so", () => {
    const [finding] = collect(
      [configured(noBad)],
      stateResource("Deployment", "web", { bad: secret }),
    ).findings;
    assert.equal(finding?.state, "indeterminate");
    assert.deepEqual(finding?.messages, [
      "Deployment `web` cannot be judged: `spec.bad` is not known: it is a secret, or the provider left it out.",
    ]);
  });

  it("does not let a rule pass that broke down", () => {
    const [finding] = collect(
      [configured(noBad)],
      stateResource("Deployment", "web", { breaks: true }),
    ).findings;
    assert.equal(finding?.state, "indeterminate");
    assert.deepEqual(finding?.messages, ["The rule broke down: nobody thought of this"]);
  });

  it("lets no resource pass where a rule over the stack broke down", () => {
    const breaks: StackRule = {
      ...hasDeployment,
      check(stack, verdict) {
        const [first] = stack.ofKind("", "Service");
        verdict.fail(first!, "is first.");
        throw new Error("nobody thought of this");
      },
    };
    const { findings } = collect(
      [configured(breaks)],
      stateResource("Service", "a"),
      stateResource("Service", "b"),
      stateResource("Deployment", "a"),
    );
    assert.deepEqual(
      findings.map(({ resource, state, messages }) => [resource, state, messages]),
      ["a", "b"].map((name) => [
        urnOf("Service", name),
        "indeterminate",
        ["The rule broke down: nobody thought of this"],
      ]),
    );
  });

  it("judges stack rules by outputs and resource rules by inputs", () => {
    const outputs = { metadata: { name: "other" }, spec: { bad: true } };
    const deployment = stateResource("Deployment", "web", {}, { outputs });
    const { findings } = collect(RULES, deployment, stateResource("Service", "web"));
    assert.deepEqual(
      findings.map(({ state }) => state),
      ["pass", "fail"],
    );
  });

  it("judges the items of a list, and gives the list the finding", () => {
    const urn = "urn:pulumi:dev::shop::kubernetes:apps/v1:DeploymentList::all";
    const items = [{ spec: { bad: 1 }, metadata: { name: "a" } }, { spec: {} }];
    const list = {
      urn,
      type: "kubernetes:apps/v1:DeploymentList",
      custom: true,
      inputs: { items },
      outputs: { items },
    };
    const { findings } = collect([configured(noBad)], list);
    assert.deepEqual(findings, [
      { rule: "no-bad", resource: urn, state: "fail", messages: ["Deployment `a` must not be bad."] },
    ]);
  });

  it("names the nearest component and the line of the program", () => {
    const stack = { urn: STACK, type: "pulumi:pulumi:Stack", custom: false };
    const component = {
      urn: "urn:pulumi:dev::shop::shop:index:Web::front",
      type: "shop:index:Web",
      custom: false,
      parent: STACK,
      sourcePosition: "project:///index.ts#3,1",
    };
    const parent = stateResource("ConfigMap", "settings", {}, { parent: component.urn });
    const child = stateResource(
      "Deployment",
      "web",
      {},
      {
        parent: urnOf("ConfigMap", "settings"),
        sourcePosition: "project:///node_modules/x/y.ts#1,1",
        stackTrace: [{}, { sourcePosition: "project:///components/web.ts#12,5" }],
      },
    );
    const { resources } = collect(RULES, stack, component, parent, child);
    assert.deepEqual(resources.slice(1), [
      {
        urn: component.urn,
        type: "shop:index:Web",
        name: "front",
        source: { file: "index.ts", line: 3, column: 1 },
      },
      {
        urn: urnOf("ConfigMap", "settings"),
        type: "kubernetes:core/v1:ConfigMap",
        name: "settings",
        component: "shop:index:Web front",
      },
      {
        urn: urnOf("Deployment", "web"),
        type: "kubernetes:apps/v1:Deployment",
        name: "web",
        component: "shop:index:Web front",
        source: { file: "components/web.ts", line: 12, column: 5 },
      },
    ]);
  });

  it("comes to an end where parents go round in circles", () => {
    const a = stateResource("ConfigMap", "a", {}, { parent: urnOf("ConfigMap", "b") });
    const b = stateResource("ConfigMap", "b", {}, { parent: urnOf("ConfigMap", "a") });
    assert.equal(collect(RULES, a, b).resources.length, 2);
  });

  it("names project and stack of an empty state by what was asked for", () => {
    const { project, stack, findings } = collect(RULES);
    assert.deepEqual([project, stack, findings.length], ["shop", "dev", 2]);
  });

  it("judges by the pack as the engine would: nothing in a stack of one bad container passes unseen", () => {
    const container = {
      name: "a",
      image: "registry.example/a:latest",
      securityContext: { privileged: true },
    };
    const spec = { template: { spec: { containers: [container] } } };
    const { findings } = collect(unconfigured(catalog), stateResource("Deployment", "web", spec));
    const failed = findings.filter(({ state }) => state === "fail").map(({ rule }) => rule);
    assert.ok(
      failed.includes("container-privileged") && failed.includes("container-image-digest"),
      failed.join(),
    );
  });
});
