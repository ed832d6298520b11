import assert from "node:assert/strict";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findPrograms } from "../../../toolchain/programs";
import { projectRoot } from "../../../toolchain/paths";
import { retrainingEvent } from "../../../runtime/retraining/retraining-event";
import { resolveRetrainingOptions } from "../../../runtime/retraining/retraining-options";
import { targetRequest } from "../../../runtime/retraining/target-requests";
import type { Alert } from "../../../runtime/retraining/alert-notification";
import { alert, file, folder, notification, SECRET, TargetServer, type Call } from "./support";

const PAGE = readFileSync(join(projectRoot, "docs/retraining.md"), "utf8");

/** The code block of the page behind a marker. */
function blockOf(marker: string): string {
  const code = new RegExp(`<!-- ${marker} -->\n\n?\`\`\`\\w+\n([^]*?)\n\`\`\``).exec(PAGE)?.[1];
  assert.ok(code, marker);
  return code;
}

describe("slipway retraining-trigger as a process", function () {
  this.timeout(60_000);
  const dir = folder();
  let target: TargetServer;
  let child: ChildProcess | undefined;
  let call: Call;

  before(async () => (target = await TargetServer.start()));
  after(() => {
    child?.kill("SIGKILL");
    target.close();
  });

  /** Starts it; the port that it has. */
  async function start(): Promise<number> {
    const options = {
      target: "http",
      "target-url": target.url,
      "signing-secret-file": file(dir, "secret", SECRET),
      "token-file": file(dir, "token", "let-me-in"),
      "state-file": join(dir, "state.json"),
      host: "127.0.0.1",
      "http-port": "0",
    };
    const argv = Object.entries(options).flatMap(([flag, value]) => [`--${flag}`, value]);
    const main = join(projectRoot, "runtime/main.ts");
    child = spawn(process.execPath, ["-r", "tsx/cjs", main, "retraining-trigger", ...argv]);
    let said = "";
    child.stdout!.on("data", (piece) => (said += piece));
    child.stderr!.on("data", (piece) => (said += piece));
    while (!said.includes("takes alerts")) {
      assert.equal(child.exitCode, null, said);
      await Promise.race([once(child.stdout!, "data"), once(child, "exit")]);
    }
    return Number(/"port":(\d+)/.exec(said)![1]);
  }

  async function post(port: number, ...alerts: readonly Alert[]): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${port}/v1/alerts`, {
      method: "POST",
      body: notification(...alerts),
      headers: { authorization: "Bearer let-me-in" },
    });
    assert.equal(response.status, 202);
    return response.json();
  }

  it("triggers nothing twice when it is killed, and delivers what it had accepted", async () => {
    const first = await start();
    await post(first, alert());
    await target.until(1);
    call = target.calls[0]!;
    target.answers = [{ status: 503, headers: { "retry-after": "3600" } }];
    await post(first, alert({}, { model: "interrupted" }));
    await target.until(2);
    // Until what became of the first call is on the disk.
    while (!/"model":"models\/ocr","at":\d+\}/.test(readFileSync(join(dir, "state.json"), "utf8")))
      await new Promise((resolve) => setTimeout(resolve, 5));
    child!.kill("SIGKILL");
    await once(child!, "exit");

    const second = await start();
    await target.until(3);
    const [, attempt, again] = target.calls as [Call, Call, Call];
    assert.equal(again.headers["webhook-id"], attempt.headers["webhook-id"]);
    const repeated = [alert(), alert({}, { model: "interrupted" }), alert({ fingerprint: "other" })];
    assert.deepEqual(await post(second, ...repeated), { accepted: 0, duplicates: 3, ignored: 0 });
    child!.kill("SIGTERM");
    assert.deepEqual(await once(child!, "exit"), [0, null]);
    assert.equal(target.calls.length, 3);
  });

  /** What the page's function says to a call, and to others that it must not take. */
  const cases = () => {
    const { headers, body } = call;
    const now = Number(headers["webhook-timestamp"]);
    const { "webhook-signature": signature, ...unsigned } = headers;
    const rotated = { ...headers, "webhook-signature": `v1,AAAA ${String(signature)}` };
    return [
      { headers, body, now, expected: "ocr" },
      { headers: rotated, body, now: now + 299, expected: "ocr" },
      { headers, body: body.replace("ocr", "ocs"), now, expected: "wrong signature" },
      { headers: { ...headers, "webhook-id": "ret_0" }, body, now, expected: "wrong signature" },
      { headers: { ...headers, "webhook-signature": "v2,x" }, body, now, expected: "wrong signature" },
      { headers: unsigned, body, now, expected: "no signature" },
      { headers, body, now: now + 301, expected: "too old, or from the future" },
      { headers, body, now: now - 301, expected: "too old, or from the future" },
    ];
  };
  const expected = () => cases().map((each) => each.expected);

  it("is verified by the program for Node.js of the page", () => {
    const program = `${blockOf("verify-node")}
const { cases, secret } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const results = cases.map(({ headers, body, now }) => {
  try { return verify(headers, body, secret, now).model; } catch (error) { return error.message; }
});
console.log(JSON.stringify(results));`;
    const path = join(dir, "verify.cjs");
    writeFileSync(path, program);
    const input = JSON.stringify({ cases: cases(), secret: SECRET });
    assert.deepEqual(
      JSON.parse(execFileSync(process.execPath, [path], { input, encoding: "utf8" })),
      expected(),
    );
  });

  it("is verified by the program for Python of the page", function () {
    const [python] = findPrograms("python3");
    if (python === undefined) this.skip();
    const program = `${blockOf("verify-python")}

import sys
given = json.load(sys.stdin)
results = []
for case in given["cases"]:
    try:
        results.append(verify(case["headers"], case["body"].encode(), given["secret"], case["now"])["model"])
    except ValueError as error:
        results.append(str(error))
print(json.dumps(results))`;
    const path = join(dir, "verify.py");
    writeFileSync(path, program);
    const input = JSON.stringify({ cases: cases(), secret: SECRET });
    assert.deepEqual(JSON.parse(execFileSync("python3", [path], { input, encoding: "utf8" })), expected());
  });
});

describe("docs/retraining.md", () => {
  const event = retrainingEvent(
    alert({ annotations: { summary: "s", description: "d", score_psi: "0.31" } }, { reason: "drift" }),
  )!;
  const common = { stateFile: "s", tokenFile: "t", targetUrl: "https://x", targetTokenFile: "t" };

  it("has the payload as it is", () => {
    const shown = JSON.parse(blockOf("payload")) as Record<string, unknown>;
    assert.deepEqual(Object.keys(shown), Object.keys(JSON.parse(JSON.stringify(event)) as object));
    for (const field of Object.keys(shown)) assert.ok(PAGE.includes(`\`${field}\``), field);
  });

  const targets: [string, Record<string, unknown>][] = [
    [
      "kubeflow",
      {
        kubeflowPipeline: "PIPELINE",
        kubeflowPipelineVersion: "VERSION",
        kubeflowExperiment: "EXPERIMENT",
        kubeflowParameters: ["model", "event"],
      },
    ],
    ["github", { githubRepository: "OWNER/NAME" }],
    ["airflow", { airflowDag: "DAG" }],
  ];
  for (const [target, options] of targets) {
    it(`has what ${target} gets`, () => {
      const payload = JSON.parse(blockOf("payload")) as typeof event;
      const { body } = targetRequest(resolveRetrainingOptions({ ...common, target, ...options }), payload);
      const shown = blockOf(target).replace('"PAYLOAD"', JSON.stringify(payload));
      assert.deepEqual(JSON.parse(body), JSON.parse(shown));
    });
  }
});
