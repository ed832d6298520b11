import assert from "node:assert";
import { render } from "../../../../toolchain/cluster/network-policy/render";
import { ipsetRestore, iptablesRestore } from "../../../../toolchain/cluster/network-policy/ruleset";
import { cases } from "./cases";
import { namespaces, pod, podCidr, pods, policy, stateWith } from "./cluster-state";
import { packetOf, passes } from "./packet-filter";

describe("render", () => {
  for (const { title, policies, allowed, denied } of cases) {
    it(title, () => {
      const ruleset = render(stateWith(...policies), podCidr);
      for (const flow of allowed) {
        assert.ok(passes(ruleset, packetOf(flow)), `${JSON.stringify(flow)} must pass`);
      }
      for (const flow of denied) {
        assert.ok(!passes(ruleset, packetOf(flow)), `${JSON.stringify(flow)} must not pass`);
      }
    });
  }

  const denyAll = policy({ podSelector: {}, policyTypes: ["Ingress"] });

  it("writes nothing but the final drops, which nothing leads to, without a policy", () => {
    const ruleset = render(stateWith(), podCidr);
    assert.deepStrictEqual(ruleset.ipsets, []);
    assert.strictEqual(
      iptablesRestore(ruleset.rules),
      [
        "*mangle",
        ":SLIPWAY-NP - [0:0]",
        ":SLIPWAY-NP-EGRESS - [0:0]",
        ":SLIPWAY-NP-INGRESS - [0:0]",
        "-A SLIPWAY-NP-EGRESS -j DROP",
        "-A SLIPWAY-NP-INGRESS -j DROP",
        "COMMIT",
        "",
      ].join("\n"),
    );
  });

  it("leaves out pods that have no address of their own in the pod network", () => {
    const without = [
      { ...pod("red/host", "10.244.0.40"), spec: { hostNetwork: true } },
      { ...pod("red/done", "10.244.0.41"), status: { phase: "Succeeded", podIP: "10.244.0.41" } },
      { ...pod("red/failed", "10.244.0.42"), status: { phase: "Failed", podIP: "10.244.0.42" } },
      { ...pod("red/new", ""), status: { phase: "Pending" } },
      pod("red/simulated", "10.0.0.1"),
      pod("red/six", "fd00::1"),
    ];
    assert.deepStrictEqual(render({ policies: [denyAll], pods: without, namespaces }, podCidr).ipsets, []);
  });

  it("names a set by its content, so that equal sets are one and a changed one is new", () => {
    const before = render(stateWith(denyAll), podCidr);
    const again = render({ policies: [denyAll], pods: [...pods].reverse(), namespaces }, podCidr);
    assert.deepStrictEqual(again, before);
    const after = render({ policies: [denyAll], pods: pods.slice(1), namespaces }, podCidr);
    const names = new Set(before.ipsets.map(({ name }) => name));
    assert.ok(after.ipsets.every(({ name }) => !names.has(name)));
  });

  it("does not depend on the order of policies", () => {
    const policies = cases
      .flatMap((each) => each.policies)
      .map((each, index) => ({
        ...each,
        metadata: { ...each.metadata, name: `policy-${index}` },
      }));
    const forward = render(stateWith(...policies), podCidr);
    assert.deepStrictEqual(render(stateWith(...policies.reverse()), podCidr), forward);
  });

  it("writes names that the kernel takes", () => {
    const long = policy({ podSelector: {}, ingress: [{}] }, "n".repeat(253), "red");
    const { ipsets, rules } = render(stateWith(long), podCidr);
    assert.ok(ipsets.every(({ name }) => name.length <= 31));
    assert.match(
      ipsetRestore(ipsets),
      /^create SLIPWAY-NP-[0-9a-f]{16} hash:ip family inet maxelem 65536\nadd /,
    );
    const comment = /--comment "([^"]*)"/.exec(iptablesRestore(rules));
    assert.strictEqual(comment?.[1]?.length, 255);
  });
});
