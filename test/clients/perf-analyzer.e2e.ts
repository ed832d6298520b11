import assert from "node:assert/strict";
import { modelFolder } from "../runtime/support/model-folder";
import { echoModels } from "./support/echo-models";
import { hasPerfAnalyzer, perfAnalyzer, type PerfAnalyzer } from "./support/perf-analyzer";
import { Serving } from "./support/serving";

/** One measurement of so many requests is enough to see that they are answered. */
const REQUESTS = ["--request-count", "200", "--concurrency-range", "4"];

describe("perf_analyzer", () => {
  let serving: Serving;
  let program: PerfAnalyzer;
  before(async function () {
    if (!hasPerfAnalyzer) this.skip();
    program = await perfAnalyzer();
    serving = await Serving.start(modelFolder(echoModels()));
  });
  after(() => serving?.stop());

  /** Runs it on the model and judges what it prints. */
  async function measures(model: string, ...options: string[]): Promise<void> {
    const { status, stdout, stderr } = await program.run("-m", model, ...REQUESTS, ...options);
    const said = `${stdout}\n${stderr}`;
    assert.equal(status, 0, said);
    const [, throughput] = /Concurrency: 4, throughput: ([\d.]+) infer\/sec/.exec(stdout) ?? [];
    assert.ok(Number(throughput) > 0, said);
    // The server's own share is told only where its statistics could be read, before and after.
    assert.match(stdout, /Server: \n\s+Inference count: [1-9]\d*/, said);
    assert.doesNotMatch(said, /error|failed/i);
  }

  const http = () => ["-u", `127.0.0.1:${serving.ports.http}`, "-i", "http"];
  const grpc = () => ["-u", `127.0.0.1:${serving.ports.grpc}`, "-i", "grpc"];

  it("measures over HTTP with binary tensors", () => measures("echo-fp32", ...http(), "--shape", "x:4,4"));

  it("measures over HTTP with JSON", () =>
    measures(
      "echo-fp32",
      ...http(),
      ...["--shape", "x:4,4", "--input-tensor-format", "json", "--output-tensor-format", "json"],
    ));

  it("measures over gRPC", () => measures("echo-fp32", ...grpc(), "--shape", "x:4,4"));

  it("measures over a gRPC stream", () =>
    measures("echo-fp32", ...grpc(), "--shape", "x:4,4", "--streaming", "--async"));

  it("measures a model of texts", () => measures("echo-bytes", ...grpc(), "--shape", "x:4,4"));
});
