import assert from "node:assert";
import { securityGroupAdministrationPorts } from "../../../policies/rules/network/security-group-administration-ports";
import { type Outcome, runRule, UNKNOWN } from "../../../policies/testing";

const type = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const judge = (props: Record<string, unknown>): Promise<Outcome[]> =>
  runRule(securityGroupAdministrationPorts, [{ type, name: "ssh", props }]);

describe("A rule about what a security group exposes", () => {
  it("names the resource and the port", async () => {
    const [found] = await judge({ ipProtocol: "tcp", fromPort: 22, toPort: 22, cidrIpv4: "0.0.0.0/0" });
    assert.strictEqual(
      found?.message,
      `${type} \`ssh\` must not let the whole internet reach port 22, by which machines are administered.`,
    );
  });

  const silent: Readonly<Record<string, Record<string, unknown>>> = {
    "an unknown range of another port": { ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIpv4: UNKNOWN },
    "unknown ports of a known network": { ipProtocol: "tcp", fromPort: UNKNOWN, cidrIpv4: "10.0.0.0/8" },
    "a protocol without ports": { ipProtocol: "icmp", fromPort: 22, toPort: 22, cidrIpv4: "0.0.0.0/0" },
  };
  for (const [name, props] of Object.entries(silent)) {
    it(`is certain of ${name}`, async () => assert.deepStrictEqual(await judge(props), []));
  }

  const open: Readonly<Record<string, Record<string, unknown>>> = {
    "an unknown range": { ipProtocol: "tcp", fromPort: 22, toPort: 22, cidrIpv4: UNKNOWN },
    "unknown ports of everyone": { ipProtocol: "tcp", fromPort: UNKNOWN, toPort: 22, cidrIpv4: "0.0.0.0/0" },
  };
  for (const [name, props] of Object.entries(open)) {
    it(`cannot tell of ${name}`, async () =>
      assert.deepStrictEqual(
        (await judge(props)).map(({ state }) => state),
        ["indeterminate"],
      ));
  }
});
