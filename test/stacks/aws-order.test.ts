import assert from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { runProfile } from "../../stacks/profiles";
import { declare } from "../components/support/declared";
import { awsConfig } from "./aws-program";

const POOLS = [
  { name: "shared-l4", instanceTypes: ["g6.xlarge"], maxNodes: 4, provisioner: "karpenter" },
  { name: "group", instanceTypes: ["g6.xlarge"] },
];

describe("profile `aws`", () => {
  afterEach(() => pulumi.runtime.setAllConfig({}));

  it("has nodes with GPUs, and what tells of their GPUs, before services, which are gone before them", async () => {
    const values = { ...awsConfig(), "slipway:gpuPools": POOLS };
    const texts = Object.entries(values).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    const first = ["shared-l4-pool", "group-nodes", "slipway-operator"];
    const { resources } = await declare(() => {
      pulumi.runtime.setAllConfig(Object.fromEntries(texts));
      runProfile("aws");
    }, first);
    const stack = resources.findIndex(({ type }) => type === "slipway:index:ServingStack");
    for (const name of first) {
      const at = resources.findIndex((resource) => resource.name === name);
      assert.ok(at >= 0, name);
      assert.ok(at < stack, `${name} before the services`);
    }
  });
});
