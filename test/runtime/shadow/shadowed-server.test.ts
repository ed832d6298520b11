import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pino from "pino";
import type { ServerOptions } from "../../../runtime";
import { hashOfKey } from "../../../runtime/auth/api-keys";
import {
  COMPARE_OPTIONS,
  startComparator,
  type CompareOptions,
  type RunningComparator,
} from "../../../runtime/comparator/compare-command";
import { completeOptions } from "../../../runtime/option-table";
import { ComparatorClient } from "../../../runtime/shadow/comparator-client";
import { onnxModel, type TensorDeclaration } from "../../support/onnx-model";
import { TestAuthority } from "../support/certificates";
import { codecOf, grpcClient, metadataOf } from "../support/grpc-client";
import { modelFolder } from "../support/model-folder";
import { RunningServer } from "../support/running-server";

const log = pino({ level: "silent" });

/** `y` = `a` op `b`: with 0 as `b`, Add and Sub agree. */
function model(op: string): Buffer {
  const tensor = (name: string): TensorDeclaration => ({ name, type: "float32", shape: [1] });
  return onnxModel([{ op, inputs: ["a", "b"], outputs: ["y"] }], [tensor("a"), tensor("b")], [tensor("y")]);
}

const body = (a: number, b: number) => ({
  inputs: [
    { name: "a", datatype: "FP32", shape: [1], data: [a] },
    { name: "b", datatype: "FP32", shape: [1], data: [b] },
  ],
});

interface Report {
  readonly models: { readonly m?: { requests: number; equal: number; missing: number } };
  readonly waiting: { readonly answers: number };
}

describe("servers whose answers are compared", function () {
  this.timeout(20_000);
  const folder = mkdtempSync(join(tmpdir(), "slipway-shadow-"));
  const authority = new TestAuthority(folder, "ca");
  const keyFile = join(folder, "key");
  const shadow: Partial<ServerOptions> = {
    shadowSamplePercent: 100,
    shadowCaFile: authority.file,
    shadowKeyFile: keyFile,
  };
  let comparator: RunningComparator;
  let blue: RunningServer;
  let green: RunningServer;

  before(async () => {
    const { cert, key } = authority.issue("comparator");
    writeFileSync(join(folder, "tls.crt"), cert);
    writeFileSync(join(folder, "tls.key"), key);
    writeFileSync(keyFile, "slw_secret\n");
    writeFileSync(join(folder, "keys"), `slots sha256:${hashOfKey("slw_secret")} infer,metrics\n`);
    const options = completeOptions(COMPARE_OPTIONS, {
      live: "blue",
      host: "127.0.0.1",
      httpPort: 0,
      metricsPort: 0,
      tlsCert: join(folder, "tls.crt"),
      tlsKey: join(folder, "tls.key"),
      apiKeysFile: join(folder, "keys"),
    }) as unknown as CompareOptions;
    comparator = await startComparator(options, log);
    const start = (shadowSlot: "blue" | "green", op: string) =>
      RunningServer.start(modelFolder({ "m/1/model.onnx": model(op) }), {
        ...shadow,
        shadowUrl: `https://127.0.0.1:${comparator.port}`,
        shadowSlot,
      });
    [blue, green] = await Promise.all([start("blue", "Add"), start("green", "Sub")]);
  });

  after(async () => {
    await Promise.all([blue.close(), green.close()]);
    await comparator.close();
    rmSync(folder, { recursive: true });
  });

  function report(): Promise<Report> {
    return new Promise((resolve, reject) => {
      const headers = { "x-api-key": "slw_secret" };
      const url = `https://127.0.0.1:${comparator.port}/v1/report`;
      request(url, { ca: authority.pem, headers }, (response) => {
        let text = "";
        response.on("data", (piece) => (text += piece));
        response.on("end", () => resolve(JSON.parse(text) as Report));
      })
        .on("error", reject)
        .end();
    });
  }

  async function reported(requests: number): Promise<Report> {
    for (const end = performance.now() + 10_000; ; await sleep(50)) {
      const now = await report();
      if ((now.models.m?.requests ?? 0) >= requests) return now;
      assert.ok(performance.now() < end, JSON.stringify(now));
    }
  }

  it("send them over TLS with their key; those to the same request are compared", async () => {
    for (let i = 0; i < 20; i++) {
      const headers = { "x-request-id": `r-${i}` };
      const [ours, theirs] = await Promise.all(
        [blue, green].map((server) => server.call("POST", "/v2/models/m/infer", body(i, i % 4), headers)),
      );
      assert.deepEqual(ours!.body.outputs[0].data, [i + (i % 4)]);
      assert.deepEqual(theirs!.body.outputs[0].data, [i - (i % 4)]);
    }
    const { models, waiting } = await reported(20);
    assert.deepEqual([models.m!.requests, models.m!.equal, waiting.answers], [20, 5, 0]);
    assert.match(await blue.metrics(), /^slipway_shadow_answers_sent_total 20$/m);
    assert.doesNotMatch(await blue.metrics(), /^slipway_shadow_answers_dropped_total/m);
  });

  it("keep the requests of a stream apart", async () => {
    const codec = codecOf("inference.GRPCInferenceService", "ModelStreamInfer");
    const tensor = (name: string, value: number) => ({
      name,
      datatype: "FP32",
      shape: [1],
      contents: { fp32_contents: [value] },
    });
    for (const server of [blue, green]) {
      const client = grpcClient(server.grpcAddress);
      const stream = client.raw.makeBidiStreamRequest(
        codec.path,
        codec.encode,
        codec.decode,
        metadataOf({ "x-request-id": "a-stream" }),
      );
      for (const b of [0, 1, 0]) stream.write({ model_name: "m", inputs: [tensor("a", 1), tensor("b", b)] });
      stream.end();
      let answers = 0;
      stream.on("data", () => answers++);
      await new Promise((resolve, reject) => stream.on("end", resolve).on("error", reject));
      assert.equal(answers, 3);
      client.close();
    }
    const { models } = await reported(23);
    assert.deepEqual([models.m!.requests, models.m!.equal], [23, 7]);
  });

  it("are scraped without a certificate or a key where there is a port for that", async () => {
    const at = `http://127.0.0.1:${comparator.metricsPort}`;
    const metrics = await (await fetch(`${at}/metrics`)).text();
    assert.match(metrics, /^slipway_comparison_requests_total\{model="m",result="equal"\} 7$/m);
    assert.equal((await fetch(`${at}/v1/report`)).status, 404);
    assert.equal((await fetch(`${at}/metrics`, { method: "POST" })).status, 405);
  });

  describe("ComparatorClient", () => {
    const line = Buffer.from('{"requestId":"1","model":"other","outputs":[]}\n');
    const open = (change: object) =>
      ComparatorClient.open({
        url: `https://127.0.0.1:${comparator.port}`,
        slot: "blue",
        caFile: authority.file,
        keyFile,
        ...change,
      });

    it("refuses a comparator whose certificate is not by the authority", async () => {
      const other = new TestAuthority(folder, "other");
      const client = open({ caFile: other.file });
      await assert.rejects(client.send(line), { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" });
      client.close();
    });

    it("tells why the comparator did not take anything, and follows a key that was replaced", async () => {
      const file = join(folder, "rotated");
      writeFileSync(file, "slw_old");
      const client = open({ keyFile: file });
      await assert.rejects(client.send(line), /^Error: it answered 401: /);
      writeFileSync(file, "slw_secret");
      await client.renew();
      assert.equal(await client.send(line), 0);
      client.close();
      await assert.rejects(client.send(line), new Error("the server ends"));
    });

    it("gives up a comparator that does not answer", async () => {
      const silent = createServer(() => {}).listen(0, "127.0.0.1");
      await new Promise((resolve) => silent.once("listening", resolve));
      const { port } = silent.address() as { port: number };
      const client = open({ url: `http://127.0.0.1:${port}`, keyFile: undefined, timeoutMs: 100 });
      await assert.rejects(client.send(line), new Error("it did not answer within 0.1 s"));
      client.close();
      silent.close();
    });
  });
});
