import assert from "node:assert";
import { projectRoot } from "../../toolchain/paths";
import { withWorkspace } from "../support/engine";

const program = `
  require("tsx/cjs");
  const { ServingNetwork, transform } = require(${JSON.stringify(`${projectRoot}/components`)});
  const owned = transform({ type: "aws:ec2/subnet:Subnet", name: /private/ }, (inputs, name) => {
    inputs.tags = { ...inputs.tags, owner: name };
  });
  const wider = transform({ name: "net-vpc" }, (inputs) => ({ ...inputs, enableDnsHostnames: false }));
  new ServingNetwork("net", { zones: 2 }, { transforms: [owned, wider] });
`;

describe("a transform under the engine", function () {
  this.timeout(120_000);

  it("changes the inputs of those below the component that it is for, and of no others", async () => {
    await withWorkspace(program, async (workspace) => {
      const { code, stdout, stderr, steps } = await workspace.preview();
      assert.strictEqual(code, 0, stdout + stderr);
      const subnets = steps.filter(({ type }) => type === "aws:ec2/subnet:Subnet");
      const owners = subnets.map(({ name, inputs }) => [name, (inputs.tags as Record<string, string>).owner]);
      const expected = subnets.map(({ name }) => [name, name.includes("private") ? name : undefined]);
      assert.deepStrictEqual(owners, expected);
      assert.strictEqual(owners.filter(([, owner]) => owner).length, 2);
      const [vpc] = steps.filter(({ type }) => type === "aws:ec2/vpc:Vpc");
      assert.strictEqual(vpc!.inputs.enableDnsHostnames, false);
      assert.ok(vpc!.inputs.cidrBlock);
    });
  });
});
