import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { IMAGE_ENTRYPOINT } from "../../../runtime/contract";
import type { ImageSpec } from "../../../toolchain/image";
import { runtimeImageSpec } from "../../../toolchain/image/runtime-image";
import { projectRoot } from "../../../toolchain/paths";

describe("runtimeImageSpec", () => {
  let spec: ImageSpec;
  before(async () => {
    spec = await runtimeImageSpec();
  });

  const paths = () => spec.layers.flat().map(({ path }) => path);

  it("runs the server as a user without rights", () => {
    assert.deepEqual(spec.config.Entrypoint, IMAGE_ENTRYPOINT);
    assert.deepEqual(spec.config.Cmd, ["serve"]);
    assert.equal(spec.config.User, "65532:65532");
  });

  it("holds what the server needs, once", () => {
    for (const path of [
      "/usr/bin/node",
      "/opt/slipway/server.js",
      "/opt/slipway/worker.js",
      "/opt/slipway/proto/inference.proto",
      "/tmp",
    ]) {
      assert.equal(paths().filter((other) => other === path).length, 1, path);
    }
    assert.equal(paths().filter((path) => path.includes("libonnxruntime.so")).length, 1);
  });

  it("keeps the AWS SDK in a file that no server loads at its start", () => {
    const contentOf = (path: string) =>
      spec.layers
        .flat()
        .find((file) => file.path === path)!
        .content!.toString();
    assert.match(contentOf("/opt/slipway/s3-client.js"), /ListObjectsV2/);
    assert.doesNotMatch(contentOf("/opt/slipway/server.js"), /ListObjectsV2/);
    assert.match(contentOf("/opt/slipway/server.js"), /require\("\.\/s3-client"\)/);
  });

  it("keeps OpenTelemetry's SDK in files that no server loads at its start", () => {
    const contentOf = (path: string) =>
      spec.layers
        .flat()
        .find((file) => file.path === path)!
        .content!.toString();
    const server = contentOf("/opt/slipway/server.js");
    assert.match(contentOf("/opt/slipway/otel-tracing.js"), /BatchSpanProcessor/);
    assert.match(contentOf("/opt/slipway/otlp-sink.js"), /OTLPLogExporter/);
    assert.doesNotMatch(server, /BatchSpanProcessor|OTLPLogExporter/);
    for (const part of ["otel-tracing", "otlp-sink"])
      assert.ok(server.includes(`require("./${part}")`), part);
  });

  it("keeps the command of gates in a file that no server loads at its start", () => {
    const contentOf = (path: string) =>
      spec.layers
        .flat()
        .find((file) => file.path === path)!
        .content!.toString();
    assert.match(contentOf("/opt/slipway/gate/gate-command.js"), /not-worse-than-live-by/);
    const server = contentOf("/opt/slipway/server.js");
    assert.doesNotMatch(server, /not-worse-than-live-by/);
    assert.ok(server.includes('require("./gate/gate-command")'));
  });

  it("keeps the retraining trigger in a file that no server loads at its start", () => {
    const contentOf = (name: string) =>
      spec.layers
        .flat()
        .find((file) => file.path === `/opt/slipway/${name}.js`)!
        .content!.toString();
    assert.match(contentOf("retraining/retraining-command"), /webhook-signature/);
    assert.doesNotMatch(contentOf("server"), /webhook-signature/);
    assert.ok(contentOf("server").includes('require("./retraining/retraining-command")'));
  });

  it("keeps the libraries of brokers in files that no server loads at its start", () => {
    const contentOf = (name: string) =>
      spec.layers
        .flat()
        .find((file) => file.path === `/opt/slipway/${name}.js`)!
        .content!.toString();
    const server = contentOf("server");
    for (const [name, mark] of [
      ["kafka", "SCRAM-SHA-512"],
      ["rabbitmq-queue", "basic.consume"],
    ] as const) {
      assert.match(contentOf(name).toLowerCase(), new RegExp(mark.toLowerCase().replaceAll(".", "[._-]?")));
      assert.ok(server.includes(`require("./${name}")`), name);
    }
    assert.doesNotMatch(server, /PLT_KFK|BasicConsume/);
    // WebAssembly from a file beside it, or a URL of its own, would be missed at the first message.
    assert.doesNotMatch(contentOf("kafka"), /native\.wasm|import\.meta/);
  });

  it("holds nothing of this machine's checkout and nothing of other platforms", () => {
    assert.deepEqual(
      paths().filter((path) => path.startsWith(projectRoot)),
      [],
    );
    assert.deepEqual(
      paths().filter((path) => /darwin|win32|arm64/.test(path) && !path.includes(process.arch)),
      [],
    );
    const server = spec.layers.flat().find(({ path }) => path === "/opt/slipway/server.js")!;
    assert.ok(!server.content!.toString().includes(projectRoot));
  });

  it("stays under 200 MB unpacked", () => {
    const bytes = spec.layers
      .flat()
      .reduce(
        (sum, { source, content }) => sum + (source ? statSync(source).size : (content?.length ?? 0)),
        0,
      );
    assert.ok(bytes < 200e6, `${bytes} bytes`);
  });

  it("agrees with the Dockerfile on entry, command and user", () => {
    const dockerfile = readFileSync(join(projectRoot, "Dockerfile"), "utf8");
    assert.ok(dockerfile.includes(`ENTRYPOINT ${JSON.stringify(IMAGE_ENTRYPOINT).replaceAll(",", ", ")}\n`));
    assert.ok(dockerfile.includes('CMD ["serve"]\n'));
    assert.ok(dockerfile.includes(`USER ${spec.config.User}\n`));
    assert.doesNotMatch(dockerfile, /FROM (?!\$\{)/);
  });
});
