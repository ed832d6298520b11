import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JournalFile, TakenOver } from "../../../cli/rollout/journal-file";
import { whoAsks } from "../../../cli/rollout/open-desk";
import { rolloutTargets, type StateResource } from "../../../cli/rollout/target-urns";
import { localTrafficStore, profileTrafficStore, readLocalTraffic } from "../../../cli/rollout/traffic-store";
import { begin } from "../../../rollout/plan-journal";
import { initialState, type TrafficState } from "../../../rollout/traffic-state";

const promoted: TrafficState = {
  live: "green",
  weights: { blue: 0, green: 100 },
  mirror: 0,
  standby: "warm",
};

describe("files of traffic switching", () => {
  const before = process.env.SLIPWAY_STATE_DIR;
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "slipway-traffic-"));
    process.env.SLIPWAY_STATE_DIR = dir;
  });
  afterEach(() => {
    rmSync(dir, { recursive: true });
    if (before === undefined) delete process.env.SLIPWAY_STATE_DIR;
    else process.env.SLIPWAY_STATE_DIR = before;
  });

  describe("localTrafficStore", () => {
    it("keeps every service's state, and no half-written file", () => {
      const store = localTrafficStore("local");
      assert.deepEqual(store.read(), {});
      store.write("text", promoted);
      store.write("voice", initialState("blue"));
      assert.deepEqual(localTrafficStore("local").read(), { text: promoted, voice: initialState("blue") });
      assert.deepEqual(readdirSync(join(dir, "engine/local")), ["traffic.json"]);
      assert.equal(store.sharedFile, undefined);
    });

    it("keeps the head of the record beside what is decided, for the next update", () => {
      const store = localTrafficStore("local");
      store.noteHead("text", { hash: "sha256:1", cluster: "c-1" });
      assert.deepEqual(store.read(), {}, "nothing was decided about it");
      store.write("text", promoted);
      store.noteHead("text", { hash: "sha256:1", cluster: "c-1" });
      store.write("text", initialState("blue"));
      assert.deepEqual(store.headOf("text"), { hash: "sha256:1", cluster: "c-1" });
      assert.deepEqual(store.read(), { text: initialState("blue") });
      const file = join(dir, "engine/local");
      assert.equal(readLocalTraffic(file).text!.recordHead, "sha256:1");
    });

    it("says in one sentence what is wrong with a file that was edited", () => {
      mkdirSync(join(dir, "engine/local"), { recursive: true });
      const file = join(dir, "engine/local/traffic.json");
      writeFileSync(file, "{");
      assert.throws(() => localTrafficStore("local").read(), {
        message: `${file} is not JSON; remove it and run \`npm run up\``,
      });
      writeFileSync(file, JSON.stringify({ text: { ...promoted, weights: { blue: 1, green: 100 } } }));
      assert.throws(() => localTrafficStore("local").read(), {
        message:
          "traffic.json: `slipway:traffic` of `text` must have `live` (blue or green) and `weights` that sum to 100",
      });
    });
  });

  describe("profileTrafficStore", () => {
    it("changes the committed file in this one place: comments, order and quotes stay", () => {
      const file = join(dir, "Pulumi.prod.yaml");
      const text =
        '# production\nconfig:\n  slipway:host: models.example.com # ours\n  slipway:gatewayReplicas: "3"\n\n  # who serves\n  slipway:services:\n    - name: text\n';
      writeFileSync(file, text);
      const store = profileTrafficStore("prod", dir);
      assert.equal(store.sharedFile, "Pulumi.prod.yaml");
      assert.deepEqual(store.read(), {});
      store.write("text", initialState("blue"));
      store.write("text", promoted);
      assert.equal(
        readFileSync(file, "utf8"),
        `${text}  slipway:traffic:\n    text:\n      live: green\n      weights:\n        blue: 0\n        green: 100\n      mirror: 0\n      standby: warm\n`,
      );
      assert.deepEqual(store.read(), { text: promoted });
      assert.deepEqual(readdirSync(dir), ["Pulumi.prod.yaml"]);
    });

    it("fills in what a person left out, and refuses what is no map", () => {
      const file = join(dir, "Pulumi.prod.yaml");
      writeFileSync(
        file,
        "config:\n  slipway:traffic: { text: { live: green, weights: { blue: 0, green: 100 } } }\n",
      );
      assert.deepEqual(profileTrafficStore("prod", dir).read(), { text: promoted });
      writeFileSync(file, "config:\n  slipway:traffic: [text]\n");
      assert.throws(() => profileTrafficStore("prod", dir).read(), {
        message: "Pulumi.prod.yaml: `slipway:traffic` must be a map of services",
      });
    });
  });

  describe("JournalFile", () => {
    const journal = (id: string) =>
      begin({
        id,
        service: "text",
        command: "rollout",
        by: "ana",
        why: "",
        startedAt: "2026-03-01T12:00:00.000Z",
        origin: initialState("blue"),
        candidate: "green",
        contents: {},
        steps: [],
      });

    it("belongs to who wrote it last, or claimed it", () => {
      const file = new JournalFile("local", "text");
      assert.equal(file.read(), undefined);
      file.write(journal("1"));
      file.assertMine("1");
      file.claimFor("2");
      assert.throws(() => file.assertMine("1"), TakenOver);
      // The first was in the middle of a step and writes down that it is done.
      file.write(journal("1"));
      file.retake(journal("2"));
      file.assertMine("2");
      file.releaseClaim("2");
      assert.throws(() => file.assertMine("1"), {
        message: "`slipway rollout` of ana took the service over; this one stops",
      });
    });

    it("is not kept from anyone by the claim of a command that was killed", () => {
      const file = new JournalFile("local", "text");
      file.claimFor("dead");
      file.takeOver(journal("3"));
      file.assertMine("3");
    });
  });
});

describe("rolloutTargets", () => {
  const stack = "urn:pulumi:local::slipway::";
  const serving = "slipway:index:ServingStack";
  const resource = (types: string, name: string, parent?: string): StateResource => ({
    urn: `${stack}${types}::${name}`,
    type: types.slice(types.lastIndexOf("$") + 1),
    ...(parent ? { parent: `${stack}${parent}` } : {}),
  });
  const rollout = `${serving}$slipway:index:Rollout`;
  const route = `${serving}$slipway:index:ServiceRoute`;
  const state = [
    resource("pulumi:pulumi:Stack", "slipway-local"),
    resource(serving, "slipway", "pulumi:pulumi:Stack::slipway-local"),
    resource(rollout, "text", `${serving}::slipway`),
    resource(`${rollout}$slipway:index:InferenceService`, "text-blue", `${rollout}::text`),
    resource(
      `${rollout}$slipway:index:InferenceService$kubernetes:apps/v1:Deployment`,
      "text-blue-deployment",
      `${rollout}$slipway:index:InferenceService::text-blue`,
    ),
    resource(route, "text", `${serving}::slipway`),
    resource(`${route}$kubernetes:gateway.networking.k8s.io/v1:HTTPRoute`, "text-http-own", `${route}::text`),
    resource(rollout, "voice", `${serving}::slipway`),
    resource(route, "voice", `${serving}::slipway`),
    resource(
      `${route}$kubernetes:gateway.networking.k8s.io/v1:HTTPRoute`,
      "voice-http-own",
      `${route}::voice`,
    ),
  ];

  /** As the engine takes them: `*` is anything but a colon, `**` anything. */
  const matches = (targets: readonly string[], urn: string) =>
    targets.some((target) =>
      new RegExp(
        `^${target
          .split("**")
          .map((part) =>
            part
              .split("*")
              .map((text) => text.replace(/[.$+?()[\]{}|\\^]/g, "\\$&"))
              .join("[^:]*"),
          )
          .join(".*")}$`,
      ).test(urn),
    );

  it("names the slots and routes of one service, what may be new there, the stack, and nothing else", () => {
    const targets = rolloutTargets(state, "text");
    const touched = state
      .filter(({ urn }) => matches(targets, urn))
      .map(({ urn }) => urn.slice(urn.lastIndexOf("::") + 2));
    assert.deepEqual(touched, [
      "slipway-local",
      "text",
      "text-blue",
      "text-blue-deployment",
      "text",
      "text-http-own",
    ]);
    const job = `${stack}${rollout}$kubernetes:batch/v1:Job::text-gate-quality-1a2b`;
    assert.ok(matches(targets, job));
    assert.ok(!matches(targets, job.replace("text-gate", "voice-gate")));
  });

  it("names what may be new beside a service whose name begins alike, and nothing of that one's", () => {
    const job = (name: string) => `${stack}${rollout}$kubernetes:batch/v1:Job::${name}`;
    const scaler = `${stack}${rollout}$slipway:index:InferenceService$kubernetes:autoscaling/v2:HorizontalPodAutoscaler`;
    const targets = rolloutTargets([...state, resource(rollout, "text-fast", `${serving}::slipway`)], "text");
    assert.ok(matches(targets, job("text-gate-quality")));
    assert.ok(matches(targets, `${scaler}::text-blue-autoscaler`));
    assert.ok(!matches(targets, job("text-fast-gate-quality")));
    assert.ok(!matches(targets, `${scaler}::text-fast-blue-autoscaler`));
  });

  it("leaves out what would be another service's all the same", () => {
    const job = (name: string) => `${stack}${rollout}$kubernetes:batch/v1:Job::${name}`;
    const more = ["text-gate", "text-blue-ocean"].map((name) =>
      resource(rollout, name, `${serving}::slipway`),
    );
    const targets = rolloutTargets([...state, ...more], "text");
    assert.ok(!matches(targets, job("text-gate-gate-quality")));
    assert.ok(!matches(targets, job("text-blue-ocean-gate-quality")));
    assert.ok(matches(targets, job("text-green-autoscaler")));
  });

  it("names nothing for a service that has no rollout", () => {
    assert.deepEqual(rolloutTargets(state, "other"), []);
  });
});

describe("whoAsks", () => {
  it("names the person behind a CI job, else the user of the machine", () => {
    assert.equal(whoAsks({ GITHUB_ACTOR: "ana", GITHUB_RUN_ID: "77" }), "ana (GitHub run 77)");
    assert.equal(whoAsks({ GITLAB_USER_LOGIN: "bo" }), "bo");
    assert.match(whoAsks({}), /^[^@]+@.+$/);
  });
});
