import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { look } from "../../../cli/rollout/desk";
import { promote } from "../../../cli/rollout/promote";
import { goBack } from "../../../cli/rollout/retreat";
import { appendSwitch, Overtaken, readEntries } from "../../../cli/rollout/record-store";
import { TrafficCluster } from "../../../cli/rollout/kubernetes";
import { readSlotMetrics } from "../../../cli/rollout/slot-metrics";
import { reportOf } from "../../../cli/rollout/status-report";
import { statusText } from "../../../cli/rollout/status-text";
import { growth } from "../../../rollout/gates/growth";
import { promqlProblem } from "../../../rollout/gates/promql";
import { slotQueries } from "../../../cli/rollout/slot-metrics";
import { PAGE_BYTES } from "../../../rollout/record/storage";
import { verifyRecord } from "../../../rollout/record/verify";
import type { Gate, Slot } from "../../../rollout/declaration";
import { allTo } from "../../../rollout/traffic-state";
import { FakeWorld } from "./support/fake-desk";
import {
  applyState,
  DIGEST,
  makeCluster,
  makeRecord,
  NAMESPACE,
  PUBLIC_KEY,
  scaleTo,
  SIGNING_KEY,
  weightsIn,
} from "./support/fake-service";

const plain = stripVTControlCharacters;

describe("status", () => {
  let world: FakeWorld;
  beforeEach(() => (world = new FakeWorld({ strategy: { kind: "blueGreen" } })));
  afterEach(() => world.end());
  const report = async () => {
    const desk = world.desk();
    return reportOf(desk.rollout, await look(desk));
  };

  it("shows both slots in words, with what they serve and how it goes", async () => {
    const metrics = { requestsPerSecond: 500.04, errorPercent: 0.123, p50: 0.0042, p99: null };
    assert.equal(
      plain(statusText(await report(), { blue: metrics })),
      [
        "text  blueGreen, driver pulumi, blue is live",
        "  blue  ████████████████████ 100 %  live        sha256:bbbbbbbbbbbb; ocr/4; 2 of 2 pods are ready; 500.0 req/s, 0.12 % errors, p50 4.2 ms, p99 – ms",
        "  green ····················   0 %  standby     sha256:999999999999; ocr/5; 2 of 2 pods are ready",
      ].join("\n"),
    );
  });

  it("says what is not as it was decided: weights, slots with traffic that are not ready, a standby that is not warm", async () => {
    const route = world.api.get("HTTPRoute", "text-host")!;
    const { rules } = route.spec as { rules: { backendRefs: { weight: number }[] }[] };
    for (const rule of rules.slice(0, 2))
      rule.backendRefs.forEach((ref, i) => (ref.weight = i === 0 ? 60 : 40));
    scaleTo(world.api, "text", "blue", 2, 0);
    scaleTo(world.api, "text", "green", 0);
    assert.deepEqual((await report()).drift, [
      "HTTPRoute text-host sends 60 % to blue, 40 % to green; recorded is 100 % to blue, 0 % to green",
      "slot blue has traffic and is not ready: 0 of 2 pods are ready",
      "slot green has traffic and is not ready: it is cold: it has no pods",
      "slot green is to be kept warm and has no pods",
    ]);
  });

  it("says when the stack's last update recorded something else than what was decided", async () => {
    await promote(world.desk(), "", async () => []);
    world.recorded = world.rollout.traffic;
    assert.deepEqual((await report()).drift, [
      "the configuration has green live with 100 %; the stack's last update recorded blue with 100 %",
    ]);
  });

  it("calls the slot live that has the traffic while a way back is being recorded", async () => {
    await promote(world.desk(), "", async () => []);
    world.onUpdate = () => {
      throw new Error("the engine broke");
    };
    await assert.rejects(goBack(world.desk(), "rollback", "why", 0), {
      message:
        "all traffic of `text` is on blue and the record says so, but the stack could not be updated: the engine broke; `slipway rollback text` again does it",
    });
    assert.equal(world.entries.at(-1)!.action, "rolled-back");
    const now = await report();
    assert.deepEqual([now.live, now.slots.blue.weight, now.inProgress?.command], ["blue", 100, "rollback"]);
    assert.deepEqual(now.drift, []);
  });

  /** Somebody changes what the pods of a slot run, past the stack. */
  const setContent = (slot: Slot, digest: string, version: string) => {
    const deployment = world.api.get("Deployment", `text-${slot}`)!;
    const pull = [
      "pull",
      "--name",
      "ocr",
      "--version",
      version,
      "--sha256",
      "e".repeat(64),
      "oci://r.example/ocr",
    ];
    const spec = { containers: [{ image: `r.example/other@${digest}` }], initContainers: [{ args: pull }] };
    world.api.put({ ...deployment, spec: { ...deployment.spec, template: { spec } } });
  };
  const OTHER = `sha256:${"e".repeat(64)}`;

  it("shows what the pods run, and that something else was declared", async () => {
    setContent("green", OTHER, "7");
    const { slots, drift } = await report();
    assert.deepEqual([slots.green.digest, slots.green.models[0]!.version], [OTHER, "7"]);
    assert.equal(slots.blue.digest, DIGEST.blue);
    assert.deepEqual(drift, [
      `slot green runs the image ${OTHER}; the stack's last update declared ${DIGEST.green}`,
      `slot green serves ocr/7@${"e".repeat(64)}; the stack's last update declared ocr/5@${"green".padEnd(64, "0")}`,
    ]);
  });

  it("has what runs in the record, and a way back to it", async () => {
    const desk = world.desk();
    const engine = desk.engine();
    const update: typeof engine.update = async (service, title) => {
      const outputs = await engine.update(service, title);
      setContent("blue", OTHER, "7");
      return outputs;
    };
    desk.engine = () => ({ ...engine, update });
    await promote(desk, "", async () => []);
    const { digests, models } = world.entries.at(-1)!;
    assert.deepEqual([digests.blue, models!.blue], [OTHER, [`ocr/7@${"e".repeat(64)}`]]);
    world.journal.remove();
    assert.equal((await goBack(world.desk(), "rollback", "", 0)).kind, "done");
  });

  it("takes what Flagger's primary runs, and how far Flagger is, from the cluster", async () => {
    const desk = world.desk();
    desk.rollout = { ...desk.rollout, driver: "flagger" };
    setContent("blue", DIGEST.green, "5");
    const canary = { apiVersion: "flagger.app/v1beta1", kind: "Canary" };
    const metadata = { name: "text", namespace: NAMESPACE };
    world.api.put({ ...canary, metadata, status: { phase: "Progressing", failedChecks: 2 } });
    const now = reportOf(desk.rollout, await look(desk));
    assert.deepEqual([now.slots.blue.digest, now.slots.blue.models[0]!.version], [DIGEST.green, "5"]);
    assert.deepEqual([now.flagger, now.drift], [{ phase: "Progressing", failedChecks: 2 }, []]);
    assert.match(plain(statusText(now)), /\n {2}Flagger: Progressing, 2 failed checks$/);
  });

  it("says that the record's end is gone which was noted here", async () => {
    await promote(world.desk(), "", async () => []);
    const [entry] = world.entries;
    makeRecord(world.api);
    assert.deepEqual((await report()).drift, [
      `the record: the entry that was noted last here (${entry!.hash}) is not there: its end was removed or replaced`,
    ]);
  });

  it("misses no entry that a cluster held which is no more", async () => {
    await promote(world.desk(), "", async () => []);
    makeRecord(world.api);
    makeCluster(world.api, "made-anew");
    assert.deepEqual((await report()).drift, []);
    world.api.remove("Namespace", "kube-system");
    assert.equal((await report()).drift.length, 1, "a cluster that does not tell which it is");
  });

  it("counts weights that Flagger moves as no difference", async () => {
    const desk = world.desk();
    desk.rollout = { ...desk.rollout, driver: "flagger" };
    world.api.all("HTTPRoute").forEach(({ spec }) => {
      const { rules } = spec as { rules: { backendRefs: { weight: number }[] }[] };
      rules[0]!.backendRefs.forEach((ref) => (ref.weight = 50));
    });
    const now = reportOf(desk.rollout, await look(desk));
    assert.deepEqual([now.live, now.drift], ["blue", []]);
  });
});

describe("promote and goBack", () => {
  let world: FakeWorld;
  const errors: Gate = { kind: "errorRate", name: "errors" };
  afterEach(() => world.end());

  it("asks gates again where the candidate has traffic, and refuses with their number", async () => {
    const traffic = { live: "blue", weights: { blue: 90, green: 10 }, mirror: 0, standby: "warm" } as const;
    world = new FakeWorld({ strategy: { kind: "canary" }, gates: [errors], traffic });
    const failed = {
      gate: "errors",
      verdict: "failed",
      value: 5,
      reason: "the error rate is 5 %, more than 1 %",
    } as const;
    await assert.rejects(
      promote(world.desk(), "", async () => [failed]),
      {
        message: "gate `errors` of `text`: the error rate is 5 %, more than 1 %",
      },
    );
    assert.deepEqual(weightsIn(world.api)[0], traffic.weights);
    assert.equal(world.journal.read(), undefined);
    const { kind } = await promote(world.desk(), "", async () => [{ ...failed, verdict: "passed" }]);
    assert.equal(kind, "done");
    assert.deepEqual(
      world.entries.at(-1)!.gates.map(({ value }) => value),
      [5],
    );
  });

  it("leaves traffic and configuration as they were when the update fails before it moved anything", async () => {
    world = new FakeWorld({ strategy: { kind: "blueGreen" } });
    world.onUpdate = () => {
      throw new Error("gate `labelled-set`: accuracy is 0.71, less than 0.8");
    };
    await assert.rejects(
      promote(world.desk(), "", async () => []),
      {
        message:
          "gate `labelled-set`: accuracy is 0.71, less than 0.8; traffic is where it was: 100 % blue, 0 % green",
      },
    );
    assert.deepEqual(world.declared, world.rollout.traffic);
    assert.deepEqual(world.entries, []);
  });

  it("makes a cold slot ready before it gets any traffic back", async () => {
    const traffic = { live: "green", weights: allTo("green"), mirror: 0, standby: "cold" } as const;
    world = new FakeWorld({ strategy: { kind: "blueGreen" }, traffic });
    const cluster = new TrafficCluster(world.api.connection());
    const place = { namespace: NAMESPACE, service: "text", record: "text-rollout-record" };
    const promotion = {
      service: "text",
      at: "2026-03-01T11:00:00.000Z",
      by: "bo",
      action: "promoted",
      why: "",
      live: "green",
      from: allTo("blue"),
      to: allTo("green"),
      digests: DIGEST,
      gates: [],
    } as const;
    await appendSwitch(cluster, place, promotion, { since: promotion.at }, SIGNING_KEY);
    const podsAtMove: unknown[] = [];
    world.api.beforeWrite = (path) => {
      if (path.includes("routes")) podsAtMove.push(world.api.get("Deployment", "text-blue")!.spec!.replicas);
    };
    await goBack(world.desk(), "rollback", "bad answers", world.now);
    assert.deepEqual([...new Set(podsAtMove)], [2]);
    assert.deepEqual(world.notes, [
      "blue has no pods: it is made ready first.",
      "All traffic of text is on blue after 0.0 s; now it is recorded.",
    ]);
    assert.deepEqual(world.updates, ["text: blue made ready again", "text: all traffic on blue"]);
    assert.deepEqual(world.declared, {
      live: "blue",
      weights: allTo("blue"),
      mirror: 0,
      standby: "warm",
      candidate: "none",
    });
    assert.deepEqual(world.entries.map(({ action, why }) => [action, why]).slice(1), [
      ["step", "bad answers"],
      ["rolled-back", "bad answers"],
    ]);
    assert.equal((await readEntries(cluster, place)).length, 3);
  });

  it("has nothing to do a second time", async () => {
    world = new FakeWorld({ strategy: { kind: "blueGreen" } });
    await promote(world.desk(), "", async () => []);
    assert.equal((await promote(world.desk(), "", async () => [])).kind, "nothing");
    await goBack(world.desk(), "rollback", "", 0);
    assert.equal((await goBack(world.desk(), "rollback", "", 0)).kind, "nothing");
    assert.equal((await goBack(world.desk(), "abort", "", 0)).kind, "nothing");
    assert.equal(world.entries.length, 2);
  });

  it("sends nobody to a candidate that came into the old slot after the promotion", async () => {
    world = new FakeWorld({ strategy: { kind: "blueGreen" } });
    await promote(world.desk(), "", async () => []);
    assert.deepEqual(world.entries.at(-1)!.models, {
      blue: [`ocr/4@${"blue".padEnd(64, "0")}`],
      green: [`ocr/5@${"green".padEnd(64, "0")}`],
    });
    world.fill("blue", { version: "6" });
    await assert.rejects(goBack(world.desk(), "rollback", "", 0), {
      message:
        "slot blue of `text` was filled anew since green was promoted, and what it has now was never live; `slipway promote text` makes it live if that is meant, and what was live before comes back when the profile names its models again and `npm run up` has brought them",
    });
    assert.deepEqual(weightsIn(world.api)[0], allTo("green"));
    world.fill("blue", { version: "4" });
    assert.equal((await goBack(world.desk(), "rollback", "", 0)).kind, "done");
    assert.deepEqual(weightsIn(world.api)[0], allTo("blue"));
  });

  /** Green is promoted, and of the pods of blue so many are ready from the moment on when traffic has waited for so many seconds. */
  const former = async (readyOnes: number, after: number) => {
    world = new FakeWorld({ strategy: { kind: "blueGreen" } });
    await promote(world.desk(), "", async () => []);
    scaleTo(world.api, "text", "blue", 3, 0);
    const since = world.now;
    world.onSleep = () => {
      if (world.now - since >= after * 1000) scaleTo(world.api, "text", "blue", 3, readyOnes);
    };
  };

  it("sends nothing to a slot where no pod answers, while the other one's do, and is no command that was cut off", async () => {
    await former(0, 0);
    const [since, green] = [world.now, allTo("green")];
    await assert.rejects(goBack(world.desk(), "rollback", "", 0), {
      message:
        "no pod of slot blue of `text` answers (0 of 3 pods are ready), and green does: traffic stays where it is; `slipway rollback text --force` moves it all the same",
    });
    assert.equal(world.now - since, 120_000);
    assert.deepEqual([weightsIn(world.api)[0], world.entries.length], [green, 1]);
    assert.notEqual(world.journal.read()?.command, "rollback");
    assert.equal((await goBack(world.desk(), "rollback", "", 0, { force: true })).kind, "done");
    assert.deepEqual(weightsIn(world.api)[0], allTo("blue"));
  });

  it("waits for a pod of the slot that it goes back to", async () => {
    await former(1, 30);
    const since = world.now;
    await goBack(world.desk(), "rollback", "", 0);
    assert.equal(world.now - since, 30_000);
    assert.deepEqual(weightsIn(world.api)[0], allTo("blue"));
    assert.match(world.notes[0]!, /^Traffic waits for up to 120 s: no pod of slot blue of `text` answers/);
  });

  it("is not kept from waiting by looks that are not answered", async () => {
    await former(1, 30);
    const since = world.now;
    const { answer } = world.api;
    world.api.answer = (...request) => {
      const seconds = (world.now - since) / 1000;
      const body = { kind: "Status", reason: "InternalError", message: "etcd has no leader", code: 500 };
      return seconds > 3 && seconds < 35 ? { status: 500, body } : answer.apply(world.api, request);
    };
    assert.equal((await goBack(world.desk(), "rollback", "", 0)).kind, "done");
    assert.equal(world.now - since, 36_000);
  });

  it("has in the record what the routes did when the wait for a pod was over", async () => {
    await former(1, 30);
    const split = { blue: 30, green: 70 };
    world.onSleep = () =>
      applyState(world.api, world.rollout, { live: "green", weights: split, mirror: 0, standby: "warm" });
    await goBack(world.desk(), "rollback", "", 0);
    const { action, from, to } = world.entries.at(-1)!;
    assert.deepEqual([action, from, to], ["rolled-back", split, allTo("blue")]);
  });

  it("has it there once, also where the stack could not be updated and the same command comes again", async () => {
    world = new FakeWorld({ strategy: { kind: "canary" } });
    await promote(world.desk(), "", async () => []);
    const split = { blue: 30, green: 70 };
    applyState(world.api, world.rollout, { live: "green", weights: split, mirror: 0, standby: "warm" });
    world.onUpdate = () => {
      throw new Error("the stack is currently locked");
    };
    await assert.rejects(goBack(world.desk(), "rollback", "", 0), /the stack could not be updated/);
    world.onUpdate = () => {};
    await goBack(world.desk(), "rollback", "", 0);
    assert.deepEqual(
      world.entries.slice(1).map(({ action, why }) => [action, why]),
      [
        ["observed", "found so: no entry says who moved it"],
        ["rolled-back", ""],
      ],
    );
  });

  it("has in the record what somebody moved past the commands, once", async () => {
    world = new FakeWorld({ strategy: { kind: "canary" } });
    await promote(world.desk(), "", async () => []);
    const split = { blue: 30, green: 70 };
    applyState(world.api, world.rollout, { live: "green", weights: split, mirror: 0, standby: "warm" });
    const { answer } = world.api;
    world.api.answer = (method, path, options) => {
      const isOwn = JSON.stringify(options.body ?? "").includes("rolled-back");
      const body = { kind: "Status", reason: "Forbidden", message: "configmaps is forbidden", code: 403 };
      return isOwn ? { status: 403, body } : answer.call(world.api, method, path, options);
    };
    await assert.rejects(goBack(world.desk(), "rollback", "", 0), /could not be recorded/);
    world.api.answer = answer;
    await goBack(world.desk(), "rollback", "", 0);
    assert.deepEqual(
      world.entries.slice(1).map(({ action, live, from, to }) => [action, live, from, to]),
      [
        ["observed", "green", allTo("green"), split],
        ["rolled-back", "green", split, allTo("green")],
      ],
    );
  });

  it("goes at once where nothing answers anywhere", async () => {
    await former(0, 0);
    scaleTo(world.api, "text", "green", 2, 0);
    const since = world.now;
    await goBack(world.desk(), "rollback", "", 0);
    assert.equal(world.now - since, 0);
  });

  it("goes back also where the record is gone, as with the cluster's store", async () => {
    world = new FakeWorld({ strategy: { kind: "blueGreen" } });
    await promote(world.desk(), "", async () => []);
    makeRecord(world.api);
    assert.deepEqual(world.entries, []);
    assert.equal((await promote(world.desk(), "", async () => [])).kind, "nothing");
    assert.equal((await goBack(world.desk(), "rollback", "", 0)).kind, "done");
    assert.deepEqual(weightsIn(world.api)[0], allTo("blue"));
  });
});

describe("appendSwitch", () => {
  let world: FakeWorld;
  beforeEach(() => (world = new FakeWorld({ strategy: { kind: "blueGreen" } })));
  afterEach(() => world.end());
  const place = { namespace: NAMESPACE, service: "text", record: "text-rollout-record" };
  const what = (minute: number) =>
    ({
      service: "text",
      at: `2026-03-01T11:${String(minute).padStart(2, "0")}:00.000Z`,
      by: "bo",
      action: "step",
      why: "",
      live: "blue",
      from: allTo("blue"),
      to: { blue: 100 - minute, green: minute },
      digests: DIGEST,
      gates: [],
    }) as const;

  it("never gives two switches the same number, whoever writes at the same time", async () => {
    const cluster = new TrafficCluster(world.api.connection());
    const append = (minute: number) =>
      appendSwitch(cluster, place, what(minute), { since: what(minute).at }, SIGNING_KEY);
    await Promise.all([append(1), append(2), append(3)]);
    assert.deepEqual(
      world.entries.map(({ sequence }) => sequence),
      [1, 2, 3],
    );
    assert.equal((await readEntries(cluster, place)).length, 3);
  });

  it("goes on in another object when the first is full", async () => {
    const cluster = new TrafficCluster(world.api.connection());
    const large = (minute: number) => ({ ...what(minute), models: { blue: ["m".repeat(PAGE_BYTES / 2)] } });
    for (const minute of [1, 2])
      await appendSwitch(cluster, place, large(minute), { since: what(minute).at }, SIGNING_KEY);
    assert.deepEqual(Object.keys(world.api.get("ConfigMap", `${place.record}-2`)!.data!), ["000002"]);
    assert.equal((await readEntries(cluster, place)).length, 2);
  });

  it("seals a page before it goes on in another, so that nobody writes a smaller entry of that number there", async () => {
    const models = (kib: number) => ({ blue: [`m/1@${"0".repeat(kib * 1024)}`] });
    const before = new TrafficCluster(world.api.connection());
    await appendSwitch(
      before,
      place,
      { ...what(1), models: models(700) },
      { since: what(1).at },
      SIGNING_KEY,
    );
    let [isHeld, goOn] = [true, () => {}];
    const held = new Promise<void>((resolve) => (goOn = resolve));
    const connection = world.api.connection();
    const request = connection.request.bind(connection);
    connection.request = async (method, path, options) => {
      const answer = await request(method, path, options);
      if (method === "GET" && isHeld) {
        isHeld = false;
        await held;
      }
      return answer;
    };
    const small = appendSwitch(
      new TrafficCluster(connection),
      place,
      { ...what(3), by: "ana" },
      { since: what(3).at },
      SIGNING_KEY,
    );
    await appendSwitch(
      before,
      place,
      { ...what(2), models: models(100) },
      { since: what(2).at },
      SIGNING_KEY,
    );
    goOn();
    assert.equal((await small).sequence, 3);
    const { ok } = verifyRecord(await readEntries(before, place), PUBLIC_KEY);
    assert.ok(ok);
    assert.deepEqual(Object.keys(world.api.get("ConfigMap", place.record)!.data!), ["000001"]);
  });

  it("yields to what another recorded since, unless it is a way back", async () => {
    const cluster = new TrafficCluster(world.api.connection());
    const append = (switched: Parameters<typeof appendSwitch>[2], yields: boolean) =>
      appendSwitch(cluster, place, switched, { sequence: 1, since: what(1).at, yields }, SIGNING_KEY);
    await append(what(1), true);
    await append({ ...what(2), by: "ana", action: "refused" }, true);
    await append(what(2), true);
    await append({ ...what(0), by: "ana", action: "rolled-back" }, false);
    await assert.rejects(append(what(3), true), (error) => {
      assert.ok(error instanceof Overtaken);
      assert.deepEqual([error.entry.sequence, error.entry.action], [4, "rolled-back"]);
      return true;
    });
    assert.equal((await append({ ...what(0), action: "rolled-back" }, false)).sequence, 5);
  });

  it("follows no entry that the record's key did not sign", async () => {
    const cluster = new TrafficCluster(world.api.connection());
    const entry = await appendSwitch(cluster, place, what(1), { since: what(1).at }, SIGNING_KEY);
    const map = world.api.get("ConfigMap", place.record)!;
    const forged = { ...entry, sequence: 2, previous: entry.hash, live: "green" };
    world.api.put({ ...map, data: { ...map.data, "000002": JSON.stringify(forged) } });
    await assert.rejects(appendSwitch(cluster, place, what(2), { since: what(2).at }, SIGNING_KEY), {
      message:
        "the record cannot be written: its last entry was altered: its content does not have the hash that it states; `slipway record text --verify` says what was altered",
    });
  });

  it("writes nothing after what somebody else has written", async () => {
    const map = world.api.get("ConfigMap", place.record)!;
    world.api.put({ ...map, data: { note: "hello" } });
    const cluster = new TrafficCluster(world.api.connection());
    await assert.rejects(appendSwitch(cluster, place, what(1), { since: what(1).at }, SIGNING_KEY), {
      message:
        "the record cannot be read: ConfigMap `text-rollout-record`: data key `note` is not an entry's",
    });
  });
});

describe("slotQueries", () => {
  it("are PromQL, and what has no answer is drawn as none", async () => {
    const queries = slotQueries("models", "text-blue");
    for (const query of Object.values(queries)) assert.equal(promqlProblem(query), undefined, query);
    const scope = { namespace: "models", service: "text-blue", windowSeconds: 60 };
    assert.ok(
      queries.requestsPerSecond.includes(growth(scope, "slipway_inference_requests_total")),
      "a fault of a new kind counts from its first scrape on",
    );
    const reader = {
      read: async (query: string) => (query.startsWith("histogram") ? { nothing: "no data" } : { number: 7 }),
    };
    assert.deepEqual(await readSlotMetrics(reader, "models", "text-blue"), {
      requestsPerSecond: 7,
      errorPercent: 7,
      p50: null,
      p99: null,
    });
  });
});
