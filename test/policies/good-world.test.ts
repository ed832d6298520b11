import assert from "node:assert";
import { runPack } from "../../policies/testing";
import { goodWorld } from "./support/world";

describe("A good world", () => {
  it("passes every rule of the pack", async () => {
    const found = (await runPack(Object.values(goodWorld()))).filter(
      ({ state }) => state !== "not-applicable",
    );
    assert.deepStrictEqual(found, []);
  });
});
