import assert from "node:assert";
import { runRule, UNKNOWN, urnOf } from "../../../../policies/testing";
import { namespaceDefaultDeny } from "../../../../policies/rules/network/namespace-default-deny";
import { describeRule } from "../../support/describe-rule";
import { put, set } from "../../support/edits";

describeRule(namespaceDefaultDeny, {
  good: {
    "by default types": set("denyAll", "spec", { podSelector: {}, egress: [{ ports: [{ port: 53 }] }] }),
    "with a flow": set("denyAll", "spec.ingress", [{ from: [{ podSelector: {} }] }]),
    "with flows from elsewhere": set("denyAll", "spec.ingress", [
      { from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: "prometheus" } } }] },
      { from: [{ ipBlock: { cidr: "10.0.0.0/8" } }], ports: [{ port: 8080 }] },
    ]),
  },
  bad: {
    "another namespace": put("other", "kubernetes:monitoring.coreos.com/v1:Prometheus", {
      metadata: { name: "p", namespace: "metrics" },
      spec: {},
    }),
  },
  partial: {
    "egress only": [set("denyAll", "spec.policyTypes", ["Egress"])],
    "some pods only": [set("denyAll", "spec.podSelector", { matchLabels: { app: "text" } })],
  },
  wrongType: {
    "spec is a text": set("denyAll", "spec", "deny"),
    // Such peers are also another rule's matter, so they cannot fail alone.
    "every namespace, on a port": set("denyAll", "spec.ingress", [
      { from: [{ podSelector: {} }, { namespaceSelector: {}, podSelector: {} }], ports: [{ port: 8443 }] },
    ]),
    "a port, from anybody": set("denyAll", "spec.ingress", [{ ports: [{ port: 8443 }] }]),
    "the internet, on a port": set("denyAll", "spec.ingress", [
      { from: [{ ipBlock: { cidr: "0.0.0.0/1" } }], ports: [{ port: 8443 }] },
    ]),
  },
  unknown: {
    selector: set("denyAll", "spec.podSelector", UNKNOWN),
    "whom it lets in": set("denyAll", "spec.ingress", [{ from: UNKNOWN }]),
    "the policy's namespace": set("denyAll", "metadata.namespace", UNKNOWN),
    "the workload's namespace": set("prometheus", "metadata.namespace", UNKNOWN),
  },
});

describe("namespace-default-deny of several workloads", () => {
  const named = (type: string, name: string, namespace?: string) => ({
    type,
    name,
    props: { metadata: { name, ...(namespace !== undefined && { namespace }) }, spec: {} },
  });
  const NAMESPACE = named("kubernetes:core/v1:Namespace", "team");
  const [first, second] = ["a", "b"].map((name) => named("kubernetes:apps/v1:Deployment", name, "team"));
  const unknown = named("kubernetes:networking.k8s.io/v1:NetworkPolicy", "policy", "team");
  Object.assign(unknown.props.spec, { podSelector: UNKNOWN });

  it("finds each of them, and their namespace once", async () => {
    const found = await runRule(namespaceDefaultDeny, [NAMESPACE, first!, second!]);
    assert.deepStrictEqual(
      found.map(({ state, urn }) => [state, urn]),
      [first!, second!, NAMESPACE].map((one) => ["fail", urnOf(one)]),
    );
  });

  it("finds each of them where the stack declares no namespace", async () => {
    const found = await runRule(namespaceDefaultDeny, [first!, second!]);
    assert.deepStrictEqual(
      found.map(({ urn }) => urn),
      [first!, second!].map(urnOf),
    );
  });

  it("leaves a namespace open whose name is not known, where that of a workload is not declared", async () => {
    const later = { ...NAMESPACE, name: "later", props: { metadata: { name: UNKNOWN } } };
    const statesOf = async (...resources: Parameters<typeof runRule>[1]) =>
      (await runRule(namespaceDefaultDeny, resources)).map(({ state }) => state);
    assert.deepStrictEqual(await statesOf(first!, later), ["fail", "indeterminate"]);
    assert.deepStrictEqual(await statesOf(first!, NAMESPACE, later), ["fail", "fail"]);
  });

  it("leaves each of them open where a policy may protect them", async () => {
    const found = await runRule(namespaceDefaultDeny, [NAMESPACE, first!, second!, unknown]);
    assert.ok(found.every(({ state }) => state === "indeterminate"));
    const text = found.map(({ message }) => message).join("\n");
    for (const subject of ["Deployment `team/a`", "Deployment `team/b`", "Namespace `team`"]) {
      assert.ok(text.includes(`${subject} may have a default deny that is not known yet.`), text);
    }
  });
});
