import assert from "node:assert";
import { Vpc } from "@pulumi/aws/ec2/vpc";
import * as pulumi from "@pulumi/pulumi";
import {
  firstZones,
  networkZones,
  nextZone,
  warnOfOtherZone,
} from "../../../components/cluster/network-zones";

const valueOf = <T>(output: pulumi.Output<T>): Promise<T> =>
  new Promise((resolve) => void output.apply((value) => resolve(value as T)));

/** What is warned of while something is done. */
async function warned(act: () => unknown): Promise<string[]> {
  const { warn } = pulumi.log;
  const said: string[] = [];
  const log = pulumi.log as { warn: typeof warn };
  log.warn = async (text) => void said.push(text);
  try {
    await act();
  } finally {
    log.warn = warn;
  }
  return said;
}

/** What a preview takes for the zones of a network that is there where AWS lists these, and what AWS was asked. */
async function zonesAmong(
  names: readonly string[],
  settings: Parameters<typeof networkZones>[1],
): Promise<{ zones: readonly string[]; asked: object[] }> {
  const asked: object[] = [];
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: name, state: inputs }), // An ID at a preview: it is there.
    call: ({ token, inputs }) => {
      asked.push({ token, ...inputs });
      return { names };
    },
  });
  const component = new pulumi.ComponentResource("test:index:Network", "net");
  const { id } = new Vpc("net-vpc");
  return { zones: await valueOf(networkZones("net", settings, id, component)), asked };
}

describe("zones of a network", () => {
  it("are the first that need no opting in and that EKS takes for its control plane", async () => {
    const { zones, asked } = await zonesAmong(["us-east-1a", "us-east-1b", "us-east-1d"], { zones: 2 });
    assert.deepEqual(zones, ["us-east-1a", "us-east-1b"]);
    assert.deepEqual(asked, [
      {
        token: "aws:index/getAvailabilityZones:getAvailabilityZones",
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

  it("are too few without refusal where the network is there already", async () => {
    const names = ["us-west-1b", "us-west-1c"];
    let found: readonly string[] = [];
    const said = await warned(async () => {
      found = (await zonesAmong(names, { zones: 3 })).zones;
    });
    assert.deepEqual(found, names);
    assert.deepEqual(said, [
      'ServingNetwork "net": some of its 3 subnets of a kind share a zone: of this region\'s zones EKS takes us-west-1b, us-west-1c.',
    ]);
    assert.deepEqual(await warned(() => zonesAmong(names, { zones: 2 })), []);
  });

  it("are refused at a first preview, which knows no network yet", async () => {
    await pulumi.runtime.setMocks({
      newResource: ({ inputs }) => ({ id: "", state: inputs }),
      call: () => ({ names: ["us-west-1b", "us-west-1c"] }),
    });
    const component = new pulumi.ComponentResource("test:index:Network", "net");
    const zones = networkZones("net", { zones: 3 }, new Vpc("net-vpc").id, component);
    // The promise of an output is not public, but alone says why there is no value.
    const { promise } = zones as unknown as { promise(): Promise<unknown> };
    await assert.rejects(promise.call(zones), /`zones` \(3\) must be at most 2/);
  });

  for (const [what, zones, taken, expected] of [
    ["first", ["a", "b", "c"], [], "a"],
    ["third", ["a", "b", "c"], ["a", "b"], "c"],
    ["third, where b was out of order when there were two", ["a", "b", "c"], ["a", "c"], "b"],
    ["third, where a was out of order when there were two", ["a", "b", "c"], ["b", "c"], "a"],
    ["third, beside one in a zone that is not listed any more", ["a", "b", "c"], ["a", "d"], "c"],
    ["third of a region with two, which AWS chooses", ["b", "c"], ["b", "c"], undefined],
  ] as const) {
    it(`are apart from each other: ${what}`, () => assert.equal(nextZone(zones, taken), expected));
  }

  it("that are named later move no subnet, which is said", async () => {
    const component = new pulumi.ComponentResource("test:index:Network", "other");
    const named = ["us-west-1a", "us-west-1c"];
    const warnings = await warned(() => {
      for (const zone of ["us-west-1b", "us-west-1c"])
        warnOfOtherZone("net-private-1", zone, named, component);
    });
    assert.deepEqual(warnings, [
      'Subnet "net-private-1" stays in us-west-1b, which is not among the `availabilityZones` that are named (us-west-1a, us-west-1c): subnets are never moved, since what is in them would go. Make another ServingNetwork in these zones.',
    ]);
  });
});
