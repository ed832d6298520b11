import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { saveSession } from "../../../cli/local-session";
import { readEntries } from "../../../cli/rollout/record-store";
import { TrafficCluster } from "../../../cli/rollout/kubernetes";
import { appendSwitch } from "../../../cli/rollout/record-store";
import type { RecordedSwitch } from "../../../rollout/record/entry";
import { allTo } from "../../../rollout/traffic-state";
import { projectRoot } from "../../../toolchain/paths";
import { FakeApi } from "./support/fake-api";
import {
  applyState,
  DIGEST,
  makeRecord,
  NAMESPACE,
  PUBLIC_KEY,
  published,
  SIGNING_KEY,
  weightsIn,
} from "./support/fake-service";

const place = { namespace: NAMESPACE, service: "text", record: "text-rollout-record" };
const promotion: RecordedSwitch = {
  service: "text",
  at: "2026-03-01T12:00:00.000Z",
  by: "ana",
  action: "promoted",
  why: "release 5",
  live: "green",
  from: allTo("blue"),
  to: allTo("green"),
  digests: DIGEST,
  gates: [],
};

describe("commands of traffic switching", () => {
  const before = process.env.SLIPWAY_STATE_DIR;
  let dir: string;
  let api: FakeApi;
  let server: Awaited<ReturnType<FakeApi["listen"]>>;
  const promoted = { live: "green", weights: allTo("green"), mirror: 0, standby: "warm" } as const;
  const rollout = published({ strategy: { kind: "blueGreen", scaleDownDelay: 600 }, traffic: promoted });

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), "slipway-commands-"));
    process.env.SLIPWAY_STATE_DIR = dir;
    api = new FakeApi();
    applyState(api, rollout, promoted);
    makeRecord(api);
    server = await api.listen();
    const kubeconfig = join(dir, "kubeconfig");
    const recordKey = join(dir, "record-key.pem");
    writeFileSync(kubeconfig, server.kubeconfig);
    writeFileSync(recordKey, SIGNING_KEY);
    saveSession({
      endpoint: "https://localhost:8443",
      caCertificate: "",
      kubeconfig,
      prometheus: null,
      alertmanager: null,
      models: [],
      tokenKey: "",
      tokenKeyId: "",
      tokenIssuer: "",
      rollouts: [rollout],
      recordKey,
      recordPublicKey: PUBLIC_KEY,
    });
    await appendSwitch(
      new TrafficCluster(api.connection()),
      place,
      promotion,
      { since: promotion.at },
      SIGNING_KEY,
    );
  });
  afterEach(async () => {
    await server.close();
    rmSync(dir, { recursive: true });
    if (before === undefined) delete process.env.SLIPWAY_STATE_DIR;
    else process.env.SLIPWAY_STATE_DIR = before;
  });

  const slipway = (...args: string[]) =>
    new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve) => {
      const child = spawn(process.execPath, [join(projectRoot, "cli/bin.js"), ...args], {
        env: { ...process.env, NO_COLOR: "1" },
      });
      let [stdout, stderr] = ["", ""];
      child.stdout.on("data", (text: Buffer) => (stdout += String(text)));
      child.stderr.on("data", (text: Buffer) => (stderr += String(text)));
      child.once("close", (status) => resolve({ status, stdout, stderr }));
    });

  it("says what is so as JSON, in the form that others rely on", async () => {
    const { status, stdout, stderr } = await slipway("status", "--json");
    assert.equal(status, 0, stderr);
    const { services } = JSON.parse(stdout) as { services: Record<string, unknown>[] };
    const slot = (name: "blue" | "green", weight: number, version: string) => ({
      digest: DIGEST[name],
      weight,
      ready: true,
      models: [{ name: "ocr", version, sha256: name.padEnd(64, "0") }],
      detail: "2 of 2 pods are ready",
    });
    assert.deepEqual(services, [
      {
        name: "text",
        namespace: NAMESPACE,
        strategy: "blueGreen",
        driver: "pulumi",
        live: "green",
        slots: { blue: slot("blue", 0, "4"), green: slot("green", 100, "5") },
        mirror: 0,
        standby: "warm",
        inProgress: null,
        drift: [],
        flagger: null,
        recordHead: (await readEntries(new TrafficCluster(api.connection()), place))[0]!.hash,
      },
    ]);
  });

  it("moves the routes before it needs anything else, and says what is left to do", async () => {
    const { status, stdout, stderr } = await slipway("rollback", "text", "--reason", "bad answers");
    // There is no stack on this machine: the part that records it cannot work.
    assert.equal(status, 1);
    assert.equal(stdout, "");
    const [moved, error] = stderr.trim().split("\n");
    assert.match(moved!, /^All traffic of text is on blue after \d+\.\d s; now it is recorded\.$/);
    assert.equal(
      error,
      "error: all traffic of `text` is on blue and the record says so, but the stack could not be updated: nothing is up; `npm run up` starts the local stack; `slipway rollback text` again does it",
    );
    for (const weights of weightsIn(api)) assert.deepEqual(weights, { blue: 100, green: 0 });
    const shown = await slipway("status", "text");
    assert.match(shown.stdout, /blue is live\n {2}blue {2}█{20} 100 % {2}live/);
    assert.match(shown.stdout, /rollback by \S+: step 1 of 1, all traffic on blue/);
    assert.ok(!shown.stdout.includes("differs"), shown.stdout);
  });

  it("watches until it is ended, a line of JSON each time", async () => {
    const child = spawn(process.execPath, [join(projectRoot, "cli/bin.js"), "status", "--watch", "--json"]);
    const first = await new Promise<string>((resolve) => {
      let text = "";
      child.stdout.on("data", (chunk: Buffer) => {
        text += String(chunk);
        if (text.includes("\n")) resolve(text.split("\n")[0]!);
      });
    });
    const ended = new Promise((resolve) => child.once("close", resolve));
    child.kill("SIGTERM");
    assert.equal(await ended, 0);
    const { services } = JSON.parse(first) as { services: { slots: { green: { weight: number } } }[] };
    assert.equal(services[0]!.slots.green.weight, 100);
  });

  it("exports and verifies the record, and tells one that was altered", async () => {
    const html = join(dir, "record.html");
    const good = await slipway("record", "text", "--verify", "--json", "-", "--html", html);
    assert.equal(good.status, 0, good.stderr);
    assert.equal((JSON.parse(good.stdout) as { why: string }).why, "release 5");
    assert.match(good.stderr, /^The record of text is whole: 1 entries, no head was exported yet/);
    assert.match(readFileSync(html, "utf8"), /release 5/);

    const map = api.get("ConfigMap", place.record)!;
    api.put({ ...map, data: { "000001": map.data!["000001"]!.replace("release 5", "release 6") } });
    const bad = await slipway("record", "text", "--verify");
    assert.equal(bad.status, 1);
    assert.equal(
      bad.stderr,
      "error: the record of `text` is not whole: Entry 1 was altered: its content does not have the hash that it states\n",
    );
  });

  for (const [args, sentence] of [
    [["status", "voice"], "error: `voice` is no service whose traffic can be switched; there are: `text`\n"],
    [["rollback"], "error: missing required argument 'service'\n"],
    [["rollback", "text", "--reason", " "], "error: `--reason` must say something\n"],
    [["promote", "text", "--profile", "moon"], "It must be one of: "],
    [["promote", "text", "--prometheus", "here"], "It must be a URL: http://localhost:9090.\n"],
    [["rollout", "text", "--on-interrupt", "panic"], "Allowed choices are stay, rollback.\n"],
    [["rollout", "text", "--observe", "soon"], "It must be a whole number of seconds from 1 to 604800.\n"],
    [
      ["rollout", "text", "--observations", "none.jsonl"],
      "error: cannot read `--observations` none.jsonl: there is no such file\n",
    ],
    [["status", "--context", "moon"], 'error: the kubeconfig has no context "moon"; it has "fake"\n'],
  ] as const) {
    it(`exits with 64 and one sentence on: ${args.join(" ")}`, async () => {
      const { status, stderr, stdout } = await slipway(...args);
      assert.equal(status, 64, stderr);
      assert.ok(stderr.includes(sentence), stderr);
      assert.equal(stdout, "");
    });
  }
});
