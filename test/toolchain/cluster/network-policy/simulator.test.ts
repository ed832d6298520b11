import assert from "node:assert";
import { flowAllowed } from "../../../../toolchain/cluster/network-policy/simulator";
import { cases } from "./cases";
import { namespaces, pod, pods, policy, stateWith } from "./cluster-state";

describe("flowAllowed", () => {
  for (const { title, policies, allowed, denied } of cases) {
    it(title, () => {
      const state = stateWith(...policies);
      for (const flow of allowed) {
        assert.ok(flowAllowed(state, flow), `${JSON.stringify(flow)} must be allowed`);
      }
      for (const flow of denied) {
        assert.ok(!flowAllowed(state, flow), `${JSON.stringify(flow)} must be denied`);
      }
    });
  }

  it("names a pod that is not there", () => {
    assert.throws(() => flowAllowed(stateWith(), { from: "red/nobody", to: "red/web", port: 80 }), {
      message: 'No pod "red/nobody" in the state; name it as namespace/name.',
    });
  });

  it("neither isolates a pod on the node's network nor takes it as a peer", () => {
    const host = { ...pod("red/host", "10.213.77.2"), spec: { hostNetwork: true } };
    const state = {
      policies: [policy({ podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] })],
      pods: [...pods, host],
      namespaces,
    };
    assert.strictEqual(flowAllowed(state, { from: "blue/web", to: "red/host", port: 80 }), true);
    assert.strictEqual(flowAllowed(state, { from: "red/host", to: "red/web", port: 80 }), false);
  });
});
