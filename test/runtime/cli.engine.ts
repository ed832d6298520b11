import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { projectRoot } from "../../toolchain/paths";
import { identityModel } from "../support/onnx-model";
import { modelFolder } from "./support/model-folder";

/** Runs the entry of the image. */
function slipway(...argv: string[]) {
  const child = spawn(process.execPath, ["-r", "tsx/cjs", join(projectRoot, "runtime/main.ts"), ...argv], {
    cwd: projectRoot,
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => (stdout += chunk));
  child.stderr.on("data", (chunk) => (stderr += chunk));
  const ended = once(child, "close").then(([code]) => ({ code, stdout, stderr }));
  return { child, ended, output: () => stdout };
}

describe("the server's command line", () => {
  it("ends with 64 and one sentence on bad usage", async () => {
    for (const [argv, sentence] of [
      [
        ["serve", "--model-repository", "/nowhere"],
        "`--model-repository` (/nowhere) must be an existing folder that holds `<model>/<version>/model.onnx`.\n",
      ],
      [
        ["launch"],
        "Unknown command `launch`; there are serve, consume, pull, api-key, lambda, gate, compare and retraining-trigger.\n",
      ],
      [["pull", "--to", "/tmp/x"], "A model source must be given; `slipway pull --help` shows the forms.\n"],
    ] as const) {
      assert.deepEqual(await slipway(...argv).ended, { code: 64, stdout: "", stderr: sentence });
    }
  });

  it("ends with the reasons where no model of the repository can be served", async () => {
    const folder = modelFolder({});
    mkdirSync(join(folder, "broken/1"), { recursive: true });
    writeFileSync(join(folder, "broken/1/model.onnx"), "no model");
    const ports = ["--http-port", "0", "--grpc-port", "0", "--metrics-port", "0", "--host", "127.0.0.1"];
    const { code, stderr } = await slipway("serve", "--model-repository", folder, ...ports).ended;
    assert.deepEqual(
      [code, stderr],
      [
        1,
        "No model of the repository can be served: `broken` version 1: `model.onnx` is not an ONNX model.\n",
      ],
    );
  });

  it("names the port that is taken", async () => {
    const blocker = createServer().listen(0, "127.0.0.1");
    await once(blocker, "listening");
    const { port } = blocker.address() as AddressInfo;
    const ports = [
      "--host",
      "127.0.0.1",
      "--http-port",
      String(port),
      "--grpc-port",
      "0",
      "--metrics-port",
      "0",
    ];
    const repository = modelFolder({ "m/1/model.onnx": identityModel("float32", ["n"]) });
    const { code, stdout, stderr } = await slipway("serve", "--model-repository", repository, ...ports).ended;
    blocker.close();
    assert.deepEqual(
      [code, stdout, stderr],
      [
        1,
        "",
        `Port ${port} (\`--http-port\`) is taken on 127.0.0.1; stop what listens there or choose another port.\n`,
      ],
    );
  });

  it("lists every option with --help", async () => {
    const { code, stdout } = await slipway("serve", "--help").ended;
    assert.equal(code, 0);
    const drainTimeout = /--drain-timeout <seconds>\n[^-]*\(default 25\);\s+SLIPWAY_DRAIN_TIMEOUT/;
    assert.match(stdout, drainTimeout);
  });

  it("serves until SIGTERM, then drains and ends with 0", async () => {
    const repository = modelFolder({ "m/1/model.onnx": identityModel("float32", ["n"]) });
    const ports = ["--host", "127.0.0.1", "--http-port", "0", "--grpc-port", "0", "--metrics-port", "0"];
    const { child, ended, output } = slipway("serve", "--model-repository", repository, ...ports);
    while (!output().includes("models loaded")) await Promise.race([once(child.stdout, "data"), ended]);
    const { http } = JSON.parse(
      output()
        .split("\n")
        .find((line) => line.includes("listening"))!,
    );
    assert.equal((await fetch(`http://127.0.0.1:${http}/v2/health/ready`)).status, 200);
    child.kill("SIGTERM");
    const { code, stderr } = await ended;
    assert.deepEqual([code, stderr], [0, ""]);
  });
});
