import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { askReplicas, type Door, type ServiceDrift } from "../../cli/drift/ask-replicas";
import { chosen } from "../../cli/drift/baseline-from";
import { driftText } from "../../cli/drift/drift-text";
import { podsOf } from "../../cli/drift/service-pods";
import type { ClusterObject } from "../../cli/rollout/kubernetes";
import type { WholeReport } from "../../runtime/drift/merge-reports";
import { driftReport } from "../../runtime/drift/monitor/drift-report";
import { follow } from "../runtime/drift/monitor/support";

const pod = (
  name: string,
  service: string,
  more: Partial<ClusterObject["metadata"]> = {},
  ready = "True",
) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name,
    namespace: "slipway",
    ...more,
    labels: { "app.kubernetes.io/instance": service, ...more.labels },
  },
  status: { phase: "Running", conditions: [{ type: "Ready", status: ready }] },
});

const clusterOf = (...pods: ClusterObject[]) => ({
  list: (_kind: string, namespace: string | undefined) =>
    Promise.resolve(
      pods.filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace),
    ),
});

describe("the pods of a service", () => {
  const slot = (name: string, colour: string) =>
    pod(name, `voice-${colour}`, { labels: { "slipway.dev/rollout": "voice" } });

  it("are those of all slots of a rollout, each with the name that its certificate is good for", async () => {
    const cluster = clusterOf(slot("b1", "blue"), slot("g1", "green"), pod("t1", "text"));
    assert.deepEqual(
      (await podsOf(cluster, "voice", undefined)).map(({ name, service }) => [name, service]),
      [
        ["b1", "voice-blue"],
        ["g1", "voice-green"],
      ],
    );
    assert.deepEqual(
      (await podsOf(cluster, "voice-green", undefined)).map(({ name }) => name),
      ["g1"],
    );
  });

  it("are only those that are ready", async () => {
    const cluster = clusterOf(pod("t1", "text"), pod("t2", "text", {}, "False"));
    assert.deepEqual(
      (await podsOf(cluster, "text", undefined)).map(({ name }) => name),
      ["t1"],
    );
    await assert.rejects(podsOf(clusterOf(pod("t2", "text", {}, "False")), "text", undefined), {
      message: "no pod of `text` is ready; nothing can be asked",
    });
  });

  it("of an unknown name are refused with those that there are", async () => {
    await assert.rejects(podsOf(clusterOf(slot("b1", "blue"), pod("t1", "text")), "txt", undefined), {
      message: "`txt` is no service with pods; there are: `text`, `voice`",
      exitCode: 64,
    });
    await assert.rejects(podsOf(clusterOf(), "text", "models"), {
      message: "`text` is no service with pods in the namespace models; there are none",
    });
  });

  it("in two namespaces are not taken for one service", async () => {
    const cluster = clusterOf(pod("t1", "text"), pod("t2", "text", { namespace: "other" }));
    await assert.rejects(podsOf(cluster, "text", undefined), {
      message: "`text` has pods in the namespaces other, slipway; `--namespace` says which is meant",
    });
    assert.equal((await podsOf(cluster, "text", "other")).length, 1);
  });
});

describe("asking the replicas of a service", () => {
  const pods = ["a", "b"].map((name) => ({ namespace: "slipway", name, service: "text" }));
  const index = JSON.stringify([
    { name: "m", version: "1", state: "READY" },
    { name: "plain", version: "2", state: "READY" },
    { name: "broken", version: "1", state: "UNAVAILABLE" },
  ]);
  const doorOf = (reportOf: (pod: string) => Partial<WholeReport>): Door => ({
    call: ({ name }, method, path) => {
      if (path === "/v2/repository/index" && method === "POST")
        return Promise.resolve({ status: 200, text: index });
      if (path === "/v2/models/m/versions/1/drift?baseline=true")
        return Promise.resolve({ status: 200, text: JSON.stringify(reportOf(name)) });
      assert.equal(path, "/v2/models/plain/versions/2/drift?baseline=true");
      return Promise.resolve({ status: 404, text: '{"error":"not followed"}' });
    },
  });

  async function seen(seconds: number, shift: number): Promise<WholeReport> {
    const replica = follow({ windowSeconds: 20, minSamples: 100 });
    for (let i = 0; i < seconds; i++) await replica.second(10, shift);
    return driftReport(replica.monitor, true) as WholeReport;
  }

  it("merges what they say, and names what is not followed", async () => {
    const report = await seen(20, 1);
    const drift = await askReplicas(
      doorOf(() => report),
      "text",
      pods,
    );
    assert.deepEqual(
      drift.versions.map(({ model_name, model_version, replicas, merged, state }) => [
        model_name,
        model_version,
        replicas,
        merged,
        state,
      ]),
      [["m", "1", 2, 2, "drifted"]],
    );
    assert.deepEqual(drift.unfollowed, [{ model_name: "plain", model_version: "2" }]);
    const lines = stripVTControlCharacters(driftText(drift)).split("\n");
    assert.match(
      lines[0]!,
      /^m version 1 {2}drifted {2}\d+ rows of 2 replicas, [\d:]{8} – [\d:]{8} UTC; psi above 0.2, at least 100 values$/,
    );
    assert.match(lines[1]!, /^ {2}feature +state +score +p-value +samples +missing$/);
    assert.match(lines[2]!, /^ {2}(input:x\[\d\]|output:y) +drifted +\d\.\d{3} +\S+ +\d+ +0 %$/);
    assert.equal(lines.at(-1), "Without a baseline, so not followed: plain/2; `slipway baseline` makes one.");
  });

  it("prints names that a server sends without their control sequences", async () => {
    const report = await seen(20, 1);
    const hostile = "x\u001b[2J\nstable";
    const { versions, ...rest } = await askReplicas(
      doorOf(() => report),
      "text",
      pods,
    );
    const renamed = versions.map(({ window, ...version }) => ({
      ...version,
      model_name: hostile,
      window: window && { ...window, features: { [hostile]: Object.values(window.features)[0]! } },
    }));
    const printed = stripVTControlCharacters(driftText({ ...rest, versions: renamed }));
    assert.equal(printed.split("x\\u001b[2J stable").length - 1, 2, printed);
  });

  it("asks once more where some have judged the latest window and others have not", async () => {
    const [early, late] = [await seen(10, 0), await seen(20, 0)];
    let calls = 0;
    const drift = await askReplicas(
      doorOf((name) => (name === "a" && calls++ === 0 ? early : late)),
      "text",
      pods,
      1,
    );
    assert.equal(calls, 2);
    assert.deepEqual([drift.versions[0]!.replicas, drift.versions[0]!.merged], [2, 2]);
  });

  it("says which pod refuses, and which is too old to be merged", async () => {
    const refusing: Door = { call: () => Promise.resolve({ status: 403, text: "no" }) };
    await assert.rejects(askReplicas(refusing, "text", pods), { message: "the pod a answers HTTP 403: no" });
    const { baseline: _, ...old } = await seen(1, 0);
    await assert.rejects(
      askReplicas(
        doorOf(() => old),
        "text",
        pods,
      ),
      /^SlipwayError: the pod a runs a server from before `slipway drift`, which does not tell its baseline; update its image$/,
    );
  });

  it("says that no window has ended yet", async () => {
    const report = await seen(1, 0);
    const text = stripVTControlCharacters(
      driftText(
        await askReplicas(
          doorOf(() => report),
          "text",
          pods,
        ),
      ),
    );
    assert.match(text, /^m version 1 {2}no window has ended yet; one does every 10 s\n/);
  });
});

describe("the version whose requests become a baseline", () => {
  const drift = (...versions: [string, string][]): ServiceDrift => ({
    service: "text",
    versions: versions.map(([version, baseline]) => ({
      model_name: "m",
      model_version: version,
      baseline_sha256: baseline,
    })) as unknown as ServiceDrift["versions"],
    unfollowed: [{ model_name: "plain", model_version: "2" }],
  });

  it("is the only one, or the one that is named", () => {
    assert.equal(chosen(drift(["1", "a"]), { model: "m" }).model_version, "1");
    assert.equal(chosen(drift(["1", "a"], ["2", "b"]), { model: "m", version: "2" }).model_version, "2");
  });

  it("is asked for where several could be meant, or none", () => {
    const refusals: [ServiceDrift, { model: string; version?: string }, string][] = [
      [
        drift(["1", "a"], ["2", "b"]),
        { model: "m" },
        "`--model` (m) has the versions 1, 2; `--version` says which is meant",
      ],
      [
        drift(["1", "a"], ["1", "b"]),
        { model: "m", version: "1" },
        "`--version` (1) of `m` has two baselines at the moment, as in an update; try again when it is over",
      ],
      [
        drift(["1", "a"]),
        { model: "plain" },
        "`--model` (plain) has no baseline yet, whose bins could be taken over; make the first one with `--data`",
      ],
      [drift(["1", "a"]), { model: "x" }, "`--model` (x) is not followed by `text`, which follows m/1"],
    ];
    for (const [given, asked, message] of refusals) assert.throws(() => chosen(given, asked), { message });
  });
});
