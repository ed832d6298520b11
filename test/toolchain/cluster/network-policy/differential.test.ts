import assert from "node:assert";
import fc from "fast-check";
import type { NetworkPolicy } from "../../../../toolchain/cluster/network-policy/objects";
import { render } from "../../../../toolchain/cluster/network-policy/render";
import { flowAllowed, type Flow } from "../../../../toolchain/cluster/network-policy/simulator";
import { namespaces, podCidr, pods, stateWith } from "./cluster-state";
import { packetOf, passes } from "./packet-filter";

// Few values each, so that random selectors, blocks and ports meet often.
const key = fc.constantFrom("app", "tier", "team", "role");
const value = fc.constantFrom("web", "db", "front", "red", "platform");
const expression = fc.record({
  key,
  operator: fc.constantFrom("In", "NotIn", "Exists", "DoesNotExist"),
  values: fc.array(value, { maxLength: 2 }),
});
const selector = fc.record(
  {
    matchLabels: fc.dictionary(key, value, { maxKeys: 1 }),
    matchExpressions: fc.array(expression, { maxLength: 1 }),
  },
  { requiredKeys: [] },
);
const ipBlock = fc.constantFrom(
  { cidr: "10.244.0.0/16" },
  { cidr: "10.244.0.0/27", except: ["10.244.0.12/32", "10.244.0.16/28"] },
  { cidr: "0.0.0.0/0" },
  { cidr: "0.0.0.0/0", except: ["0.0.0.0/1"] },
  { cidr: "0.0.0.0/0", except: ["10.244.0.0/24", "203.0.113.0/28"] },
  { cidr: "203.0.113.7/32" },
  { cidr: "fd00::/8" },
);
const peer = fc.oneof(
  fc.record({ podSelector: selector }),
  fc.record({ namespaceSelector: selector }),
  fc.record({ podSelector: selector, namespaceSelector: selector }),
  fc.record({ ipBlock }),
);
const protocol = fc.constantFrom("TCP" as const, "UDP" as const, "SCTP" as const);
const portNumber = fc.constantFrom(53, 80, 8080, 8081, 9090);
const port = fc.oneof(
  fc.record({ port: portNumber }),
  fc.record({ port: fc.constant(80), endPort: fc.constantFrom(80, 8080, 65535) }),
  fc.record({ port: fc.constantFrom("http", "dns", "grpc"), protocol }),
  fc.record({ protocol }),
);
const peers = fc.array(peer, { maxLength: 2 });
const ports = fc.array(port, { maxLength: 2 });
const namespace = fc.constantFrom("red", "blue", "monitoring");
const policies: fc.Arbitrary<NetworkPolicy[]> = fc.array(
  fc.record({
    metadata: fc.record({
      name: fc.string({ minLength: 1, maxLength: 3, unit: fc.constantFrom("a", "b") }),
      namespace,
    }),
    spec: fc.record(
      {
        podSelector: selector,
        policyTypes: fc.subarray(["Ingress", "Egress"]),
        ingress: fc.array(fc.record({ from: peers, ports }, { requiredKeys: [] }), { maxLength: 2 }),
        egress: fc.array(fc.record({ to: peers, ports }, { requiredKeys: [] }), { maxLength: 2 }),
      },
      { requiredKeys: ["podSelector"] },
    ),
  }),
  { maxLength: 3 },
);
const end: fc.Arbitrary<Flow["from"]> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(...pods.map((each) => `${each.metadata?.namespace}/${each.metadata?.name}`)),
  },
  { weight: 1, arbitrary: fc.constantFrom({ ip: "203.0.113.7" }, { ip: "8.8.8.8" }) },
);
const flow: fc.Arbitrary<Flow> = fc.record({ from: end, to: end, port: portNumber, protocol });

describe("kernel rules and specification", () => {
  it("agree on random policies and flows", () => {
    const counts = { allowed: 0, denied: 0 };
    fc.assert(
      fc.property(policies, fc.array(flow, { minLength: 10, maxLength: 20 }), (chosen, flows) => {
        const ruleset = render({ policies: chosen, pods, namespaces }, podCidr);
        for (const each of flows) {
          const expected = flowAllowed(stateWith(...chosen), each);
          counts[expected ? "allowed" : "denied"] += 1;
          assert.strictEqual(passes(ruleset, packetOf(each)), expected, JSON.stringify(each));
        }
      }),
      { numRuns: 500 },
    );
    // Both answers must have been put to the test, or agreement would mean little.
    assert.ok(counts.allowed > 500 && counts.denied > 500, JSON.stringify(counts));
  });
});
