import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { collectorConfig, type CollectorPlace } from "../../components/internal/otel-config";
import { resolveCollector } from "../../components/observability/telemetry-checks";
import type { GivenCollector } from "../../components/observability/telemetry-settings";
import { runProgram } from "../../toolchain/build/run-program";
import { TestAuthority } from "../runtime/support/certificates";
import { modelFolder } from "../runtime/support/model-folder";
import { RunningServer } from "../runtime/support/running-server";
import { attributesOf, OtlpReceiver } from "../runtime/tracing/otlp-receiver";
import { WorkerHold } from "../runtime/tracing/worker-hold";
import { addModel } from "../support/onnx-model";
import { envoyConfig } from "./envoy-config";
import { answers, findCollector, findEnvoy, freePorts, RunningProgram } from "./programs";

/* eslint-disable @typescript-eslint/no-explicit-any -- spans and log lines are read field by field */

const IMAGE = `registry.example.com/otel@sha256:${"0".repeat(64)}`;
const CALLER = "b7ad6b7169203331";
/** To YAML, as which the collector reads its files, a map and a comment. */
const AUTHORIZATION = "Bearer: s3 #1";
/** Kinds of spans in OTLP. */
const [SERVER, CLIENT] = [2, 3];
const inputs = ["a", "b"].map((name) => ({ name, datatype: "FP32", shape: [1, 2], data: [1, 2] }));

describe("OpenTelemetry's collector", () => {
  let program: string;
  let folder: string;
  let place: CollectorPlace;

  before(async () => {
    program = await findCollector();
    folder = mkdtempSync(join(tmpdir(), "slipway-collector-"));
    const { cert, key } = new TestAuthority(folder, "authority").issue("collector");
    writeFileSync(join(folder, "tls.crt"), cert);
    writeFileSync(join(folder, "tls.key"), key);
    // As the component writes them.
    for (const file of ["exporter-0-0", "exporter-1-0"]) writeFileSync(join(folder, file), AUTHORIZATION);
    const [grpcPort, httpPort, metricsPort, healthPort] = (await freePorts(4)) as [
      number,
      number,
      number,
      number,
    ];
    place = {
      host: "127.0.0.1",
      grpcPort,
      httpPort,
      metricsPort,
      healthPort,
      tlsPath: folder,
      caPath: folder,
      secretsPath: folder,
    };
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** @returns the file */
  function write(given: Partial<GivenCollector>, change: (config: any) => void = () => undefined): string {
    const exporters = [{ kind: "debug" }] as const;
    const config = collectorConfig(
      resolveCollector("telemetry", { image: IMAGE, exporters, ...given }),
      place,
    );
    change(config);
    const file = join(folder, "collector.yaml");
    writeFileSync(file, JSON.stringify(config));
    return file;
  }

  // Its exporter to Elasticsearch is not part of this build.
  const configurations: [string, Partial<GivenCollector>][] = [
    ["a log of its own", {}],
    [
      "Tempo, an APM with a token and Loki",
      {
        exporters: [
          { kind: "otlp", endpoint: "http://tempo.tracing.svc:4317" },
          { kind: "otlphttp", endpoint: "https://apm.example.com", headers: { authorization: "Bearer x" } },
          { kind: "otlphttp", endpoint: "https://loki.example.com/otlp", signals: ["logs"] },
        ],
      },
    ],
    ["a share", { sampling: { kind: "share", percent: 12.5 } }],
    ["a judgement by the end", { sampling: { kind: "tail", percent: 1, slowSeconds: 0.25, waitSeconds: 5 } }],
    [
      "logs alone",
      { exporters: [{ kind: "otlphttp", endpoint: "https://l.example.com", signals: ["logs"] }] },
    ],
  ];
  for (const [what, given] of configurations) {
    it(`accepts a configuration with ${what}`, async () => {
      const args = ["validate", `--config=file:${write(given)}`];
      const { code, stderr } = await runProgram(program, args, { timeoutMs: 30_000 });
      assert.deepEqual([code, stderr], [0, ""]);
    });
  }

  describe("between Envoy, a server and a receiver", () => {
    const hold = new WorkerHold();
    const digits = [1, 2, 3];
    const trace = (digit: number) => String(digit).repeat(32);
    const programs: RunningProgram[] = [];
    const serverLines: any[] = [];
    let envoyLines: any[];
    let ids: string[];
    let receiver: OtlpReceiver;
    let server: RunningServer;

    before(async () => {
      receiver = await OtlpReceiver.start();
      const file = write(
        {
          exporters: [
            {
              kind: "otlphttp",
              endpoint: receiver.url,
              insecure: true,
              headers: { authorization: AUTHORIZATION },
            },
          ],
        },
        // The receiver reads JSON.
        ({ exporters }) => Object.assign(exporters["otlp_http/0"], { encoding: "json", compression: "none" }),
      );
      const collector = new RunningProgram(program, [`--config=file:${file}`], join(folder, "collector.log"));
      programs.push(collector);
      await collector.until(() => answers(`http://127.0.0.1:${place.healthPort}/`));

      process.env.OTEL_EXPORTER_OTLP_CERTIFICATE = join(folder, "authority.crt");
      const log = pino(
        { level: "info" },
        { write: (line: string) => void serverLines.push(JSON.parse(line)) },
      );
      const files = {
        "shared/1/model.onnx": addModel("float32", ["n", 2]),
        "shared/model.json": JSON.stringify({ batching: { maxBatchSize: 3 } }),
      };
      const otlpEndpoint = `https://localhost:${place.httpPort}`;
      const options = { otlpEndpoint, inline: "off", instances: 1, accessLog: true } as const;
      server = await RunningServer.start(modelFolder(files), options, { log, spawn: hold.spawn });
      delete process.env.OTEL_EXPORTER_OTLP_CERTIFICATE;

      const [listen, admin] = (await freePorts(2)) as [number, number];
      const envoyFile = join(folder, "envoy.json");
      const ports = { listen, admin, server: server.server.ports().http, collector: place.grpcPort };
      writeFileSync(
        envoyFile,
        JSON.stringify(envoyConfig({ ...ports, authorityFile: join(folder, "authority.crt") })),
      );
      const flags = [
        "--use-dynamic-base-id",
        "-l",
        "error",
        "--concurrency",
        "1",
        "--file-flush-interval-msec",
        "50",
      ];
      const envoy = new RunningProgram(
        await findEnvoy(),
        ["-c", envoyFile, ...flags],
        join(folder, "envoy.log"),
      );
      programs.push(envoy);
      await envoy.until(() => answers(`http://127.0.0.1:${admin}/ready`));

      const infer = async (digit: number): Promise<string> => {
        const response = await fetch(`http://127.0.0.1:${listen}/v2/models/shared/infer?token=secret`, {
          method: "POST",
          body: JSON.stringify({ inputs }),
          headers: { traceparent: `00-${trace(digit)}-${CALLER}-01`, "x-request-id": "chosen" },
        });
        assert.equal(response.status, 200, await response.text());
        return response.headers.get("x-request-id")!;
      };
      hold.begin();
      const before = infer(9);
      await hold.holds(1);
      const answered = digits.map(infer);
      await hold.holds(2);
      hold.end();
      ids = await Promise.all(answered);
      await before;
      await server.close();
      await envoy.until(() => envoy.output.split('"msg":"access"').length > 4);
      envoyLines = envoy.output
        .split("\n")
        .filter((line) => line.startsWith("{"))
        .map((line) => JSON.parse(line));
      await collector.until(() => receiver.spans.filter(({ name }) => name === "batch").length === 2);
      // Of each request, two spans of the gateway's: what it got and what it asked. It sends them every five seconds.
      await collector.until(() => receiver.spans.filter(({ kind }) => kind === CLIENT).length === 4);
    });
    after(async () => {
      for (const running of programs) await running.end();
      await server?.close();
      await receiver?.close();
    });

    it("brings together what gateway and server tell of a request: one trace, from its caller on", () => {
      for (const digit of digits) {
        const own = receiver.spans.filter(({ traceId }) => traceId === trace(digit));
        const whole = own.find(({ name }) => name === "infer");
        const parents = new Map<string, any>(own.map((span) => [span.spanId, span]));
        // The server's span hangs below the gateway's own call, that below what the gateway got, and that below the caller.
        const call = parents.get(whole.parentSpanId as string);
        const ingress = parents.get(call.parentSpanId as string);
        assert.deepEqual([call.kind, ingress.kind, ingress.parentSpanId], [CLIENT, SERVER, CALLER]);
        assert.ok(own.some(({ name }) => name === "queue"));
        assert.ok(own.some(({ name }) => name === "inference"));
      }
    });

    it("keeps the batch's links to the requests that it merged", () => {
      const wholes = digits.map((digit) =>
        receiver.spans.find(({ name, traceId }) => name === "infer" && traceId === trace(digit)),
      );
      const batch = receiver.spans.find(({ name, links }) => name === "batch" && links?.length === 3);
      assert.deepEqual(
        batch.links.map(({ traceId, spanId }: any) => `${traceId} ${spanId}`).sort(),
        wholes.map(({ traceId, spanId }) => `${traceId} ${spanId}`),
      );
      assert.equal(Number(attributesOf(batch)["slipway.batch.requests"]), 3);
    });

    it("shows the receiver the secret of its file", () => {
      for (const { headers } of receiver.bodies) assert.equal(headers.authorization, AUTHORIZATION);
    });

    it("takes queries out of addresses", () => {
      const addresses = receiver.spans
        .map((span) => attributesOf({ attributes: span.attributes ?? [] })["http.url"])
        .filter((url) => url !== undefined) as string[];
      assert.ok(addresses.length >= digits.length, `${addresses.length}`);
      for (const address of addresses) assert.match(address, /\/v2\/models\/shared\/infer$/);
      assert.ok(!JSON.stringify(receiver.bodies).includes("secret"));
    });

    it("finds request and trace under the same ids in the logs of gateway and server", () => {
      const access = serverLines.filter(({ msg }) => msg === "access");
      for (const [i, digit] of digits.entries()) {
        const id = ids[i]!;
        assert.notEqual(id, "chosen");
        const atServer = access.find(({ requestId }) => requestId === id);
        const atGateway = envoyLines.find(({ requestId }) => requestId === id);
        assert.deepEqual([atServer.trace_id, atGateway.trace_id], [trace(digit), trace(digit)]);
        assert.equal((atGateway.traceparent as string).split("-")[1], trace(digit));
        assert.deepEqual(
          [atGateway.path, atGateway.status, atGateway.route, atGateway.upstreamCluster],
          ["/v2/models/shared/infer", 200, "infer", "server"],
        );
      }
      assert.ok(!JSON.stringify(envoyLines).includes("secret"));
    });
  });
});
