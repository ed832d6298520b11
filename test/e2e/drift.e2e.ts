import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Agent, request } from "undici";
import { inferPath } from "../../cli/gateway-client";
import type { ServiceDrift } from "../../cli/drift/ask-replicas";
import { dashboards } from "../../dashboards";
import { PrometheusApi } from "../../dashboards/pictures/prometheus-api";
import { listen, type Heard } from "../../examples/baselines/listening";
import { speechClips } from "../../examples/baselines/speech";
import { DRIFT_METRIC, QUALITY_METRIC } from "../../runtime/contract";
import { DEFAULT_THRESHOLDS } from "../../runtime/drift/judge";
import { expressionsOf, filledIn } from "../dashboards/support/expressions";
import { answerable, questionsOf, untilAnswered } from "../dashboards/support/questions";
import { loadedGroups } from "../support/loaded-rules";
import { readOutputs, readToken, slipway, type Outputs } from "../support/slipway";

const MODEL = "silero-vad";
/** Blue of the service `voice`, and green: of one model two versions, each with pods of its own. */
const USUAL = "5";
const FAINT = "6";
const WINDOW_MS = 30_000;
/** Not the seed of the baselines. */
const SEED = 1848;
const CLIPS = 16;
/** Clips that are listened to at a time, per version; together they ask 30 times a second, so that a window has some 450 rows of each replica. */
const LISTENERS = 6;
const FRAME_MS = 200;
/** Half a window until one begins, a whole one, and Prometheus' look at it. */
const SEEN_MS = 70_000;
/** Prometheus looks every 15 s. */
const SCRAPED_MS = 25_000;
const ANSWERS = 20;
/** A command takes three seconds of a processor, which the stack under load leaves to it only in parts. */
const COMMAND_MS = 60_000;
/** Prometheus' second look at what is there already. */
const ASKED_MS = 60_000;
/** Panels about what no model of the local stack does, or nothing that runs there; `test/dashboards/stage.e2e.ts` asks them. */
const ELSEWHERE = new Set([
  // No model says which requests are outliers.
  "Outliers",
  // No model gives numbers.
  "Error of numbers",
  "Error by segment",
  // No feedback says a segment.
  "Quality by segment",
  // Nobody is asked for a new model.
  "Retraining webhooks",
]);
/** Groups of rules that need drifted rows or feedback. */
const GROUPS = ["slipway-drift", "slipway-quality"];
/** What these rules ask about and these tests do not make; the stage has it. */
const NOT_HERE = { "version:slipway_quality:mean": "it needs a hundred answers with their truth" };

describe("drift and quality of the running stack", function () {
  // A minute where the machine has nothing else to do.
  this.timeout(2 * SEEN_MS + COMMAND_MS);
  let outputs: Outputs;
  let prometheus: PrometheusApi;
  let agent: Agent;
  let token: string;
  let startedAt: number;
  let gradedBefore: number;
  let over = false;
  let loads: Promise<unknown>;
  let feedback: Promise<unknown>;

  before(async () => {
    outputs = await readOutputs();
    prometheus = new PrometheusApi(outputs.prometheus);
    agent = new Agent({ connect: { ca: readFileSync(outputs.caCertificate) } });
    token = await readToken();
    gradedBefore = await graded();
    const clips = speechClips(SEED, CLIPS);
    startedAt = Date.now();
    loads = Promise.all([
      hearing(USUAL, clips),
      hearing(
        FAINT,
        clips.map((clip) => clip.map((sample) => sample / 20)),
      ),
    ]);
    // What goes wrong in it is thrown where it is waited for.
    loads.catch(() => undefined);
    feedback = sendFeedback();
    feedback.catch(() => undefined);
  });
  after(async () => {
    over = true;
    await loads?.catch(() => undefined);
    await agent?.close();
  });

  async function call(path: string, body?: object) {
    const answer = await request(new URL(path, outputs.endpoint), {
      dispatcher: agent,
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.body.text();
    assert.equal(answer.statusCode, 200, `${path}: ${text.slice(0, 300)}`);
    return { id: String(answer.headers["x-request-id"]), body: JSON.parse(text) as Answer };
  }

  interface Answer {
    readonly outputs: readonly { readonly name: string; readonly data: number[] }[];
    readonly unmatchedIds?: readonly string[];
    readonly window: { readonly features: Readonly<Record<string, { readonly state: string }>> } | null;
  }

  const output = ({ outputs: all }: Answer, name: string) => all.find((each) => each.name === name)!.data;
  const ask = (version: string, { input, state, sr }: Heard) =>
    call(inferPath(MODEL, version), {
      inputs: [
        { name: "input", datatype: "FP32", shape: [1, input.length], data: [...input] },
        { name: "state", datatype: "FP32", shape: [2, 1, 128], data: [...state] },
        { name: "sr", datatype: "INT64", shape: [], data: [sr] },
      ],
    });

  /** Listens to the clips again and again, until the tests are over. */
  async function hearing(version: string, clips: readonly Float32Array[]): Promise<void> {
    let next = 0;
    const listener = async () => {
      while (!over) {
        await listen(clips[next++ % clips.length]!, async (heard) => {
          if (over) return heard.state;
          const [{ body }] = await Promise.all([ask(version, heard), sleep(FRAME_MS)]);
          return Float32Array.from(output(body, "stateN"));
        });
      }
    };
    await Promise.all(Array.from({ length: LISTENERS }, listener));
  }

  /** Says what was right of some answers. */
  async function sendFeedback(): Promise<void> {
    const [clip] = speechClips(SEED, 1);
    const pieces: { requestId: string; truth: boolean }[] = [];
    await listen(clip!, async (heard) => {
      if (pieces.length === ANSWERS) return heard.state;
      const { id, body } = await ask(USUAL, heard);
      const [score = 0] = output(body, "output");
      // Every fourth answer turns out to be wrong.
      pieces.push({ requestId: id, truth: score >= 0.5 !== (pieces.length % 4 === 0) });
      return Float32Array.from(output(body, "stateN"));
    });
    // Each replica knows its own answers: what met none is sent again, as docs/quality.md says.
    let left = pieces;
    for (let tries = 0; left.length > 0 && tries < 40; tries++) {
      const { body } = await call(`/v2/models/${MODEL}/versions/${USUAL}/feedback`, { feedback: left });
      left = left.filter(({ requestId }) => body.unmatchedIds?.includes(requestId));
    }
    assert.deepEqual(left, []);
  }

  async function value(promql: string): Promise<number> {
    const [series] = await prometheus.instant(promql);
    return series ? Number(series.value![1]) : NaN;
  }
  const graded = async () =>
    (await value(`sum(${QUALITY_METRIC.graded}{model="${MODEL}",version="${USUAL}",segment="all"})`)) || 0;

  async function until(what: string, patienceMs: number, ask: () => Promise<boolean>): Promise<void> {
    for (const deadline = Date.now() + patienceMs; !(await ask()); await sleep(1_000))
      assert.ok(Date.now() < deadline, `${what} within ${patienceMs / 1000} s`);
  }

  it("calls a microphone out that has gone faint, and leaves the usual one alone", async () => {
    const threshold = DEFAULT_THRESHOLDS.psi;
    const of = (metric: string, version: string, labels = "") =>
      `${metric}{model="${MODEL}",version="${version}"${labels}}`;
    const psi = (version: string) => of(DRIFT_METRIC.score, version, ',measure="psi",feature="input:input"');
    const judged = (version: string) => value(`min(${of(DRIFT_METRIC.lastJudged, version)})`);
    // A score that other tests left would be above it at once.
    await until("the score of faint speech, judged anew, is above the threshold", SEEN_MS, async () => {
      return (await judged(FAINT)) * 1000 > startedAt && (await value(`min(${psi(FAINT)})`)) > threshold;
    });
    console.log(`      Prometheus had the score after ${Math.round((Date.now() - startedAt) / 1000)} s`);
    // Until the window holds nothing that came before this test.
    const half = WINDOW_MS / 2;
    const whole = (Math.ceil(startedAt / half) * half + WINDOW_MS) / 1000;
    await until("a window of usual speech alone is judged", SEEN_MS, async () => {
      return (await judged(USUAL)) >= whole;
    });
    const usual = await value(`max(${psi(USUAL)})`);
    assert.ok(usual < threshold, `${usual}`);
    assert.equal(await value(`max(${of(DRIFT_METRIC.features, USUAL, ',state="drifted"')})`), 0);
    assert.ok((await value(`max(${of(DRIFT_METRIC.features, FAINT, ',state="drifted"')})`)) >= 1);

    const through = await call(`/v2/models/${MODEL}/versions/${FAINT}/drift`);
    assert.equal(through.body.window!.features["input:input"]!.state, "drifted");

    const { status, stdout, stderr } = await slipway(["drift", "voice", "--json"], { timeoutMs: COMMAND_MS });
    assert.equal(status, 2, stderr);
    const { versions, unfollowed } = JSON.parse(stdout) as ServiceDrift;
    assert.deepEqual(
      versions.map(({ model_version, state, replicas, merged }) => [model_version, state, replicas, merged]),
      [
        [USUAL, "stable", 2, 2],
        [FAINT, "drifted", 2, 2],
      ],
    );
    assert.deepEqual(unfollowed, []);
  });

  it("shows how good the answers were that clients know the truth of", async () => {
    await feedback;
    await until("Prometheus counts the answers that were graded", SCRAPED_MS, async () => {
      return (await graded()) >= gradedBefore + ANSWERS;
    });
    // The gateway shares the answers out by chance: a replica may have had right ones alone, all of them together have not.
    const of = (metric: string, more = "") =>
      `${metric}{model="${MODEL}",version="${USUAL}",segment="all"${more}}`;
    const samples = of(QUALITY_METRIC.samples);
    const accuracy = await value(
      `sum(${of(QUALITY_METRIC.quality, ',metric="accuracy"')} * on (pod) ${samples}) / sum(${samples})`,
    );
    assert.ok(accuracy > 0 && accuracy < 1, `${accuracy}`);
  });

  it("gives series to the queries of the dashboard and of the rules", async () => {
    await feedback;
    const panels = expressionsOf(dashboards.drift!())
      .filter(({ panel }) => !ELSEWHERE.has(panel))
      .map(({ panel, expr }) => ({ of: panel, promql: filledIn(expr, { namespace: "slipway" }) }));
    const groups = (await loadedGroups(outputs.prometheus)).filter(({ name }) => GROUPS.includes(name));
    assert.equal(groups.length, GROUPS.length);
    await untilAnswered(prometheus, [...panels, ...answerable(questionsOf(groups), NOT_HERE)], ASKED_MS);
  });
});
