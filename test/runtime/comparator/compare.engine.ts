import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { projectRoot } from "../../../toolchain/paths";

describe("slipway compare as a process", () => {
  it("takes answers until SIGTERM, then logs what they came to and ends with 0", async () => {
    const argv = ["compare", "--live", "blue", "--host", "127.0.0.1", "--http-port", "0"];
    const child = spawn(process.execPath, ["-r", "tsx/cjs", join(projectRoot, "runtime/main.ts"), ...argv]);
    let stdout = "";
    child.stdout.on("data", (piece) => (stdout += piece));
    while (!stdout.includes("takes answers of both slots")) await once(child.stdout, "data");
    const port = /"port":(\d+)/.exec(stdout)![1]!;
    const answer = { requestId: "1", model: "m", outputs: [] };
    for (const slot of ["blue", "green"]) {
      const body = JSON.stringify(answer);
      const { status } = await fetch(`http://127.0.0.1:${port}/v1/outputs/${slot}`, { method: "POST", body });
      assert.equal(status, 202);
    }
    const report = await (await fetch(`http://127.0.0.1:${port}/v1/report`)).json();
    assert.equal((report as { models: { m: { equal: number } } }).models.m.equal, 1);
    child.kill("SIGTERM");
    assert.deepEqual(await once(child, "close"), [0, null]);
    const last = stdout.split("\n").find((line) => line.includes("what was compared"))!;
    const { models } = JSON.parse(last) as { models: { m: { requests: number; equal: number } } };
    assert.deepEqual([models.m.requests, models.m.equal], [1, 1]);
  }).timeout(60_000);
});
