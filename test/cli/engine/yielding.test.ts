import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { getPriority } from "node:os";
import { yielding } from "../../../cli/engine/yielding";

const ofChild = () =>
  Number(execFileSync(process.execPath, ["-p", "os.getPriority()"], { encoding: "utf8" }).trim());

describe("what an update does beside the pods", () => {
  const before = getPriority();
  const asRoot = process.getuid?.() === 0;

  it("lowers the priority of the process and of what it starts, for as long as it runs", async () => {
    await yielding(async () => assert.deepEqual([getPriority(), ofChild()], [10, 10]));
    if (asRoot) assert.equal(getPriority(), before);
  });

  it("ends with the last of several, also where one fails", async () => {
    let end = () => {};
    const first = yielding(() => new Promise<void>((resolve) => (end = resolve)));
    await assert.rejects(
      yielding(async () => {
        throw new Error("the update failed");
      }),
      /the update failed/,
    );
    assert.equal(getPriority(), 10);
    end();
    await first;
    if (asRoot) assert.equal(getPriority(), before);
  });

  it("leaves a process alone that yields more already", async () => {
    const said = execFileSync(
      "nice",
      [
        "-n",
        "15",
        process.execPath,
        "-r",
        "tsx/cjs",
        "-e",
        `
        require("./cli/engine/yielding").yielding(async () => console.log(os.getPriority()));
      `,
      ],
      { encoding: "utf8" },
    );
    assert.equal(said.trim(), "15");
  });
});
