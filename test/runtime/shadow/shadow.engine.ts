import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { hashOfKey } from "../../../runtime/auth/api-keys";
import { inSample } from "../../../runtime/shadow/sampling";
import { projectRoot } from "../../../toolchain/paths";
import { onnxModel, type TensorDeclaration } from "../../support/onnx-model";
import { TestAuthority } from "../support/certificates";
import { modelFolder } from "../support/model-folder";

const KEY = "slw_secret";
const PERCENT = 40;

/** `y` = `a` op `b`: with 0 as `b`, Add and Sub agree. */
function model(op: string): Buffer {
  const tensor = (name: string): TensorDeclaration => ({ name, type: "float32", shape: [1] });
  return onnxModel([{ op, inputs: ["a", "b"], outputs: ["y"] }], [tensor("a"), tensor("b")], [tensor("y")]);
}

/** A process of the runtime, and what it logged when it listened. */
async function start(argv: readonly string[], listening: string) {
  const child = spawn(process.execPath, ["-r", "tsx/cjs", join(projectRoot, "runtime/main.ts"), ...argv]);
  let stdout = "";
  child.stdout.on("data", (piece) => (stdout += piece));
  child.stderr.pipe(process.stderr);
  while (!stdout.includes(listening)) await once(child.stdout, "data");
  const line = stdout.split("\n").find((text) => text.includes(listening))!;
  return { child, ports: JSON.parse(line) as Record<string, number>, log: () => stdout };
}

describe("two slots and their comparator as processes", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "slipway-shadow-"));
  const authority = new TestAuthority(folder, "ca");
  const children: ChildProcess[] = [];
  let comparator: Awaited<ReturnType<typeof start>>;
  let slots: Awaited<ReturnType<typeof start>>[];
  let count = 0;

  async function startComparator(port: number) {
    const files = ["--tls-cert", join(folder, "tls.crt"), "--tls-key", join(folder, "tls.key")];
    const options = ["--live", "blue", "--host", "127.0.0.1", "--http-port", String(port), ...files];
    const running = await start(
      ["compare", ...options, "--api-keys-file", join(folder, "keys")],
      "takes answers of both slots",
    );
    children.push(running.child);
    return running;
  }

  before(async () => {
    const { cert, key } = authority.issue("comparator");
    writeFileSync(join(folder, "tls.crt"), cert);
    writeFileSync(join(folder, "tls.key"), key);
    writeFileSync(join(folder, "key"), KEY);
    writeFileSync(join(folder, "keys"), `slots sha256:${hashOfKey(KEY)} infer,metrics\n`);
    comparator = await startComparator(0);
    const serve = async (slot: string, op: string) => {
      const ports = ["--http-port", "0", "--grpc-port", "0", "--metrics-port", "0", "--host", "127.0.0.1"];
      const url = `https://127.0.0.1:${comparator.ports["port"]}`;
      const shadow = ["--shadow-url", url, "--shadow-slot", slot, "--shadow-sample-percent", String(PERCENT)];
      const files = ["--shadow-ca-file", authority.file, "--shadow-key-file", join(folder, "key")];
      const repository = modelFolder({ "m/1/model.onnx": model(op) });
      const running = await start(
        ["serve", "--model-repository", repository, ...ports, ...shadow, ...files],
        "listening",
      );
      children.push(running.child);
      while (!running.log().includes("models loaded")) await once(running.child.stdout, "data");
      return running;
    };
    slots = await Promise.all([serve("blue", "Add"), serve("green", "Sub")]);
  });

  after(() => {
    for (const child of children) child.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  });

  /** Sends requests as a gateway with a mirror does. @returns their ids, how many agree, and how long the slowest took */
  async function ask(requests: number) {
    const ids: string[] = [];
    let agreeing = 0;
    let slowest = 0;
    for (let i = 0; i < requests; i++) {
      const id = `request-${count++}`;
      const [a, b] = [i, i % 3];
      const inputs = Object.entries({ a, b }).map(([name, value]) => ({
        name,
        datatype: "FP32",
        shape: [1],
        data: [value],
      }));
      const began = performance.now();
      const answers = await Promise.all(
        slots.map(async ({ ports }) => {
          const url = `http://127.0.0.1:${ports["http"]}/v2/models/m/infer`;
          const headers = { "x-request-id": id };
          const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ inputs }) });
          const { outputs } = (await response.json()) as { outputs: { data: number[] }[] };
          return [response.status, outputs[0]!.data[0]];
        }),
      );
      slowest = Math.max(slowest, performance.now() - began);
      assert.deepEqual(answers, [
        [200, a + b],
        [200, a - b],
      ]);
      if (!inSample(id, PERCENT)) continue;
      ids.push(id);
      if (b === 0) agreeing++;
    }
    return { ids, agreeing, slowest };
  }

  /** What the comparator counted of the model, once it knows of so many requests. */
  async function reported(requests: number): Promise<{ requests: number; equal: number }> {
    for (const end = performance.now() + 20_000; ; await sleep(100)) {
      const text = await new Promise<string>((resolve, reject) => {
        const url = `https://127.0.0.1:${comparator.ports["port"]}/v1/report`;
        httpsRequest(url, { ca: authority.pem, headers: { "x-api-key": KEY } }, (response) => {
          let body = "";
          response.on("data", (piece) => (body += piece)).on("end", () => resolve(body));
        })
          .on("error", reject)
          .end();
      });
      const { models } = JSON.parse(text) as { models: { m?: { requests: number; equal: number } } };
      const known = models.m ?? { requests: 0, equal: 0 };
      if (known.requests >= requests) return known;
      assert.ok(performance.now() < end, text);
    }
  }

  async function counted(slot: number, metric: string): Promise<number> {
    const metrics = await (await fetch(`http://127.0.0.1:${slots[slot]!.ports["metrics"]}/metrics`)).text();
    return Number(new RegExp(`^${metric}(?:\\{[^}]*\\})? (\\d+)$`, "m").exec(metrics)?.[1] ?? 0);
  }

  it("are compared request by request, exactly those of the sample", async () => {
    const { ids, agreeing } = await ask(300);
    assert.ok(ids.length > 80 && ids.length < 160, String(ids.length));
    const { requests, equal } = await reported(ids.length);
    assert.deepEqual([requests, equal], [ids.length, agreeing]);
    for (const slot of [0, 1])
      assert.equal(await counted(slot, "slipway_shadow_answers_sent_total"), ids.length);
  });

  it("answer as ever while the comparator hangs, and after it was killed", async () => {
    comparator.child.kill("SIGSTOP");
    const before = await counted(0, "slipway_shadow_answers_sent_total");
    const hanging = await ask(300);
    // Longer than the comparator has for a request: what waited for it is given up.
    await sleep(6000);
    const given = await ask(50);
    comparator.child.kill("SIGKILL");
    await once(comparator.child, "close");
    const gone = await ask(100);
    // An answer that waited for the comparator would take its five seconds.
    for (const { slowest } of [hanging, given, gone]) assert.ok(slowest < 2000, `${slowest} ms`);
    const sampled = hanging.ids.length + given.ids.length + gone.ids.length;
    await sleep(500);
    const dropped = await counted(0, "slipway_shadow_answers_dropped_total");
    assert.equal(await counted(0, "slipway_shadow_answers_sent_total"), before);
    assert.ok(dropped > 0 && dropped <= sampled, `${dropped} of ${sampled}`);
  });

  it("are compared again when there is a comparator again", async () => {
    comparator = await startComparator(comparator.ports["port"]!);
    // One attempt finds it, and is lost in the worst case on one side alone.
    for (const end = performance.now() + 40_000; ; await sleep(500)) {
      await ask(10);
      const known = slots.map(({ log }) => log().includes("takes sampled answers again"));
      if (known.every(Boolean)) break;
      assert.ok(performance.now() < end, String(known));
    }
    await sleep(1000);
    const before = await reported(0);
    const { ids, agreeing } = await ask(100);
    const { requests, equal } = await reported(before.requests + ids.length);
    assert.deepEqual([requests - before.requests, equal - before.equal], [ids.length, agreeing]);
  });

  it("end when they are told, and hand over what is left", async () => {
    const before = (await reported(0)).requests;
    const { ids } = await ask(30);
    for (const { child } of slots) child.kill("SIGTERM");
    await Promise.all(slots.map(({ child }) => once(child, "close")));
    assert.equal((await reported(before + ids.length)).requests, before + ids.length);
  });
});
