import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { retrainingEvent } from "../../../runtime/retraining/retraining-event";
import { resolveRetrainingOptions } from "../../../runtime/retraining/retraining-options";
import { TargetClient } from "../../../runtime/retraining/target-client";
import { alert, file, folder, SECRET, TargetServer } from "./support";

const event = retrainingEvent(alert())!;
const NOW = Date.UTC(2025, 0, 31, 12, 5);

describe("TargetClient", () => {
  const dir = folder();
  const token = file(dir, "token", "tok-1\n");
  const secret = file(dir, "secret", `${SECRET}\n`);
  const user = {
    targetUsernameFile: file(dir, "user", "me"),
    targetPasswordFile: file(dir, "password", "pass word"),
  };
  const common = { stateFile: "state", tokenFile: "token", timeout: 2 };
  let target: TargetServer;
  let client: TargetClient | undefined;
  beforeEach(async () => (target = await TargetServer.start()));
  afterEach(async () => {
    await client?.close();
    target.close();
  });

  const open = (options: Record<string, unknown>) =>
    (client = new TargetClient(
      resolveRetrainingOptions({ ...common, targetUrl: target.url, ...options }),
      () => NOW,
    ));
  const http = () => open({ target: "http", targetUrl: `${target.url}/hook?x=1`, signingSecretFile: secret });

  it("posts the payload as it is, signed", async () => {
    assert.deepEqual(await http().send(event), { outcome: "delivered" });
    const [{ method, path, headers, body }] = target.calls as [TargetServer["calls"][0]];
    assert.deepEqual([method, path], ["POST", "/hook?x=1"]);
    assert.deepEqual(JSON.parse(body), JSON.parse(JSON.stringify(event)));
    const seconds = String(NOW / 1000);
    assert.deepEqual(
      [headers["content-type"], headers["webhook-id"], headers["webhook-timestamp"], headers.authorization],
      ["application/json", event.id, seconds, undefined],
    );
    const key = Buffer.from(SECRET.slice("whsec_".length), "base64");
    const expected = createHmac("sha256", key).update(`${event.id}.${seconds}.${body}`).digest("base64");
    assert.equal(headers["webhook-signature"], `v1,${expected}`);
  });

  const asIs = JSON.parse(JSON.stringify(event)) as object;
  const targets: [string, Record<string, unknown>, string, object][] = [
    [
      "argo-workflows",
      { argoNamespace: "training", targetTokenFile: token },
      "/api/v1/events/training/slipway-retraining",
      asIs,
    ],
    [
      "kubeflow",
      {
        kubeflowPipeline: "p-1",
        kubeflowPipelineVersion: "v-2",
        kubeflowExperiment: "e-3",
        kubeflowParameters: ["model", "event"],
        targetTokenFile: token,
      },
      "/apis/v2beta1/runs",
      {
        display_name: `retrain ocr ${event.id}`,
        description: event.summary,
        experiment_id: "e-3",
        pipeline_version_reference: { pipeline_id: "p-1", pipeline_version_id: "v-2" },
        runtime_config: { parameters: { model: "ocr", event: asIs } },
      },
    ],
    [
      "github",
      { githubRepository: "acme/models", targetTokenFile: token },
      "/repos/acme/models/dispatches",
      { event_type: "slipway-retraining", client_payload: { retraining: asIs } },
    ],
    [
      "airflow",
      { airflowDag: "retrain ocr", targetTokenFile: token },
      "/api/v2/dags/retrain%20ocr/dagRuns",
      { dag_run_id: `slipway__${event.id}`, logical_date: null, conf: asIs },
    ],
    [
      "airflow",
      { airflowDag: "retrain", airflowApi: "v1", targetTokenFile: token },
      "/api/v1/dags/retrain/dagRuns",
      { dag_run_id: `slipway__${event.id}`, conf: asIs },
    ],
  ];
  for (const [name, options, path, body] of targets) {
    it(`calls ${name} at ${path}`, async () => {
      target.answers = [{ status: 204 }];
      assert.deepEqual(await open({ target: name, ...options }).send(event), { outcome: "delivered" });
      const [call] = target.calls as [TargetServer["calls"][0]];
      assert.deepEqual([call.method, call.path, JSON.parse(call.body)], ["POST", path, body]);
      assert.equal(call.headers.authorization, "Bearer tok-1");
      assert.equal(call.headers["webhook-id"], event.id);
      if (name === "github") {
        assert.equal(call.headers.accept, "application/vnd.github+json");
        assert.match(String(call.headers["user-agent"]), /^slipway\//);
      }
    });
  }

  it("takes a run of Airflow's that is already there for delivered", async () => {
    target.answers = [{ status: 409 }];
    const airflow = open({ target: "airflow", airflowDag: "retrain", targetTokenFile: token });
    assert.deepEqual(await airflow.send(event), { outcome: "delivered" });
  });

  it("gets a token of Airflow 3 for name and password, once, and a new one when it is refused", async () => {
    const given = (id: string) => ({ status: 201, body: JSON.stringify({ access_token: id }) });
    target.answers = [given("jwt-1"), { status: 200 }, { status: 401 }, given("jwt-2"), { status: 200 }];
    const airflow = open({ target: "airflow", airflowDag: "retrain", ...user });
    assert.equal((await airflow.send(event)).outcome, "delivered");
    assert.equal((await airflow.send(event)).outcome, "later");
    assert.equal((await airflow.send(event)).outcome, "delivered");
    assert.deepEqual(
      target.calls.map(({ path, headers }) => `${path} ${headers.authorization ?? "-"}`),
      [
        "/auth/token -",
        "/api/v2/dags/retrain/dagRuns Bearer jwt-1",
        "/api/v2/dags/retrain/dagRuns Bearer jwt-1",
        "/auth/token -",
        "/api/v2/dags/retrain/dagRuns Bearer jwt-2",
      ],
    );
    assert.deepEqual(JSON.parse(target.calls[0]!.body), { username: "me", password: "pass word" });
  });

  it("shows Airflow 2 name and password themselves, as they are now", async () => {
    const airflow = open({ target: "airflow", airflowApi: "v1", airflowDag: "retrain", ...user });
    await airflow.send(event);
    writeFileSync(user.targetPasswordFile, "changed\n");
    await airflow.send(event);
    assert.deepEqual(
      target.calls.map(({ headers }) => Buffer.from(headers.authorization!.slice(6), "base64").toString()),
      ["me:pass word", "me:changed"],
    );
  });

  const judged: [number, Record<string, string>, string, number?][] = [
    [200, {}, "delivered"],
    [202, {}, "delivered"],
    [302, { location: "https://elsewhere.example/" }, "refused"],
    [400, {}, "refused"],
    [401, {}, "refused"],
    [409, {}, "refused"],
    [408, {}, "later", 0],
    [429, { "retry-after": "7" }, "later", 7],
    [503, { "retry-after": new Date(NOW + 90_000).toUTCString() }, "later", 90],
    [503, { "retry-after": "soon" }, "later", 0],
    [503, { "retry-after": "999999999" }, "later", 3600],
    [500, {}, "later", 0],
  ];
  for (const [status, headers, outcome, afterSeconds] of judged) {
    it(`takes ${status}${headers["retry-after"] ? ` with Retry-After ${headers["retry-after"]}` : ""} for ${outcome}`, async () => {
      target.answers = [{ status, headers, body: "because" }];
      const attempt = await http().send(event);
      assert.equal(attempt.outcome, outcome);
      if (attempt.outcome !== "delivered") assert.equal(attempt.why, `it answered ${status}: because`);
      if (attempt.outcome === "later") assert.equal(attempt.afterSeconds, afterSeconds);
      assert.equal(target.calls.length, 1);
    });
  }

  it("tries a target later that is not there, hangs up, or does not answer", async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const waiting = open({ target: "http", targetUrl: url, signingSecretFile: secret, timeout: 0.2 });
    assert.deepEqual(await waiting.send(event), {
      outcome: "later",
      why: "it did not answer in time",
      afterSeconds: 0,
    });
    silent.close();
    await client?.close();
    const gone = http();
    target.close();
    const refused = await gone.send(event);
    assert.equal(refused.outcome, "later");
    assert.match((refused as { why: string }).why, /ECONNREFUSED|other side closed/);
  });

  it("reads no answer without an end", async () => {
    target.answers = [{ status: 500, body: "x".repeat(1_000_000) }];
    assert.equal((await http().send(event)).outcome, "later");
  });

  it("refuses at the start files that it could not use", () => {
    const lines = file(dir, "lines", "a\nb\n");
    assert.throws(() => open({ target: "github", githubRepository: "a/b", targetTokenFile: lines }), {
      message: `\`--target-token-file\` (${lines}) must be a file of one line that is not empty.`,
    });
    assert.throws(() => open({ target: "github", githubRepository: "a/b", targetTokenFile: `${dir}/none` }), {
      message: `\`--target-token-file\` (${dir}/none) cannot be read: it does not exist.`,
    });
    client = undefined;
  });
});
