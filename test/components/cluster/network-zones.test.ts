import assert from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { firstZones, networkZones } from "../../../components/cluster/network-zones";

const valueOf = <T>(output: pulumi.Output<T>): Promise<T> =>
  new Promise((resolve) => void output.apply((value) => resolve(value as T)));

/** What a network's zones are where AWS lists these, and what AWS was asked. */
async function zonesAmong(
  names: readonly string[],
  settings: Parameters<typeof networkZones>[1],
): Promise<{ zones: readonly string[]; asked: object[] }> {
  const asked: object[] = [];
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: name, state: inputs }),
    call: ({ token, inputs }) => {
      asked.push({ token, ...inputs });
      return { names };
    },
  });
  const component = new pulumi.ComponentResource("test:index:Network", "net");
  return { zones: await valueOf(networkZones("net", settings, component)), asked };
}

describe("zones of a network", () => {
  it("are the first that need no opting in and that EKS takes for its control plane", async () => {
    const { zones, asked } = await zonesAmong(["us-east-1a", "us-east-1b", "us-east-1d"], { zones: 2 });
    assert.deepEqual(zones, ["us-east-1a", "us-east-1b"]);
    assert.deepEqual(asked, [
      {
        token: "aws:index/getAvailabilityZones:getAvailabilityZones",
        state: "available",
        filters: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
        excludeZoneIds: ["use1-az3", "usw1-az2", "cac1-az3"],
      },
    ]);
  });

  it("are those that were named, without asking AWS", async () => {
    const availabilityZones = ["us-west-1b", "us-west-1c"];
    const { zones, asked } = await zonesAmong([], { zones: 2, availabilityZones });
    assert.deepEqual([zones, asked], [availabilityZones, []]);
  });

  it("are refused in one sentence where the region has too few", () => {
    assert.throws(() => firstZones("net", 3, ["us-west-1b", "us-west-1c"]), {
      message:
        'ServingNetwork "net": `zones` (3) must be at most 2: of this region\'s zones EKS takes us-west-1b, us-west-1c; ask for fewer, or name them in `availabilityZones`',
    });
    assert.deepEqual(firstZones("net", 2, ["us-west-1b", "us-west-1c"]), ["us-west-1b", "us-west-1c"]);
  });
});
