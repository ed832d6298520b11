import assert from "node:assert";
import { applyRuleset } from "../../../../toolchain/cluster/network-policy/kernel";
import { render } from "../../../../toolchain/cluster/network-policy/render";
import type { Flow } from "../../../../toolchain/cluster/network-policy/simulator";
import { cases } from "./cases";
import { podCidr, pods, policy, stateWith } from "./cluster-state";
import { packetOf } from "./packet-filter";
import { gatewayAddress, RoutedNetwork } from "./routed-network";

/** Time for an answer that must come, and how long to wait for one that must not, in milliseconds. */
const patienceMs = 5000;
const silenceMs = 400;

const flows = cases.flatMap(({ allowed, denied }) => [...allowed, ...denied]);
const portsOf = (protocol: string) => [
  ...new Set(flows.filter((flow) => (flow.protocol ?? "TCP") === protocol).map((flow) => flow.port)),
];
const outside = [...new Set(flows.flatMap(({ from, to }) => [from, to]))].flatMap((end) =>
  typeof end === "string" ? [] : [end.ip],
);

/** The table of policies in a real kernel, with real connections. */
describe("NetworkPolicy enforcement in the kernel", () => {
  let network: RoutedNetwork;

  before(async () => {
    const members = Object.fromEntries(
      pods.map((pod) => [pod.metadata?.name + "." + pod.metadata?.namespace, [pod.status?.podIP ?? ""]]),
    );
    network = await RoutedNetwork.create(
      { ...members, outside: [...new Set(outside)] },
      { tcp: portsOf("TCP"), udp: portsOf("UDP") },
    );
  });

  after(() => network?.close());

  const enforce = (...policies: Parameters<typeof stateWith>) =>
    applyRuleset(render(stateWith(...policies), podCidr), network.inNode);

  async function comesThrough(flow: Flow, timeoutMs: number): Promise<boolean> {
    const { src, dst, port, protocol } = packetOf(flow);
    assert.ok(protocol !== "sctp");
    return network.connects(network.memberAt(src), { from: src, to: dst, port, protocol, timeoutMs });
  }

  /** Node has no SCTP sockets. */
  const testable = (list: readonly Flow[]) => list.filter((flow) => flow.protocol !== "SCTP");

  async function assertFlows(list: readonly Flow[], isAllowed: boolean): Promise<void> {
    const wait = isAllowed ? patienceMs : silenceMs;
    await Promise.all(
      testable(list).map(async (flow) => {
        const said = `${JSON.stringify(flow)} must ${isAllowed ? "pass" : "be blocked"}`;
        assert.strictEqual(await comesThrough(flow, wait), isAllowed, said);
      }),
    );
  }

  it("lets every connection of the table through without a policy", async () => {
    await enforce();
    await assertFlows(flows, true);
  });

  for (const { title, policies, allowed, denied } of cases) {
    it(title, async () => {
      await enforce(...policies);
      await assertFlows(allowed, true);
      await assertFlows(denied, false);
    });
  }

  describe("around a policy that denies everything", () => {
    const denyAll = policy({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    const to = (address: string, port = 8080) => ({ to: address, port, protocol: "tcp" as const });

    before(() => enforce(denyAll));

    it("lets the node reach its pods, as kubelet's probes need", async () => {
      assert.ok(await network.connects("node", { ...to("10.244.0.11"), timeoutMs: patienceMs }));
    });

    it("keeps a pod from reaching the node", async () => {
      assert.ok(!(await network.connects("web.red", { ...to(gatewayAddress), timeoutMs: silenceMs })));
      assert.ok(await network.connects("web.blue", { ...to(gatewayAddress), timeoutMs: patienceMs }));
    });

    it("judges a Service's connection by the pod behind it, and lets a pod reach itself that way", async () => {
      const service = "10.96.0.99";
      const rule = [
        "-d",
        service,
        "-p",
        "tcp",
        "--dport",
        "80",
        "-j",
        "DNAT",
        "--to-destination",
        "10.244.0.11:8080",
      ];
      const masquerade = ["-s", "10.244.0.11", "-d", "10.244.0.11", "-j", "MASQUERADE"];
      await network.inNode("iptables", ["-t", "nat", "-A", "PREROUTING", ...rule]);
      await network.inNode("iptables", ["-t", "nat", "-A", "POSTROUTING", ...masquerade]);
      assert.ok(!(await network.connects("web.blue", { ...to(service, 80), timeoutMs: silenceMs })));
      assert.ok(await network.connects("web.red", { ...to(service, 80), timeoutMs: patienceMs }));
      const allowTarget = policy({ podSelector: {}, ingress: [{ ports: [{ port: 8080 }] }] }, "allow");
      await enforce(denyAll, allowTarget);
      assert.ok(await network.connects("web.blue", { ...to(service, 80), timeoutMs: patienceMs }));
    });
  });

  it("leaves nothing of earlier policies behind", async () => {
    await enforce(policy({ podSelector: {}, ingress: [{}] }));
    await enforce();
    await enforce();
    assert.strictEqual(await network.inNode("ipset", ["list", "-name"]), "");
    const table = await network.inNode("iptables", ["-t", "mangle", "-S"]);
    assert.deepStrictEqual(
      table.split("\n").filter((line) => line.startsWith("-A")),
      [
        "-A INPUT -j SLIPWAY-NP",
        "-A FORWARD -j SLIPWAY-NP",
        "-A SLIPWAY-NP-EGRESS -j DROP",
        "-A SLIPWAY-NP-INGRESS -j DROP",
      ],
    );
  });
});
