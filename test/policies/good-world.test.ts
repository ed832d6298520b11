import assert from "node:assert";
import { runPack } from "../../policies/testing";
import { awsWorld } from "./support/aws-world";
import { goodWorld } from "./support/world";

describe("A good world", () => {
  for (const [name, world] of Object.entries({ Kubernetes: goodWorld, AWS: awsWorld })) {
    it(`of ${name} passes every rule of the pack`, async () => {
      const found = await runPack(Object.values(world()));
      assert.deepStrictEqual(
        found.filter(({ state }) => state !== "not-applicable"),
        [],
      );
    });
  }
});
