import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gate, judgeSlots, type GateOptions } from "../../../runtime/gate/gate-command";
import { projectRoot } from "../../../toolchain/paths";
import { identityModel } from "../../support/onnx-model";
import { TestAuthority } from "../support/certificates";
import { modelFolder } from "../support/model-folder";
import { RunningServer } from "../support/running-server";

/** A model that answers what it is asked: the dataset's inputs are then its scores. */
const MODEL = identityModel("float32", ["n", 2]);
const scores = (data: number[], label: unknown) => ({
  inputs: [{ name: "x", datatype: "FP32", shape: [1, 2], data }],
  label,
});
const ROWS = [scores([0.9, 0.1], 0), scores([0.2, 0.8], 1), scores([0.4, 0.6], 0), scores([0.7, 0.3], 0)];

const work = modelFolder({
  "dataset.json": JSON.stringify(ROWS),
  "names.json": JSON.stringify({ classes: ["no", "yes"], rows: [scores([0.9, 0.1], "no")] }),
});
const options = (settings: Partial<GateOptions>): GateOptions => ({
  gate: "g",
  model: "m",
  dataset: join(work, "dataset.json"),
  metric: "accuracy",
  candidateUrl: "http://127.0.0.1:1",
  concurrency: 4,
  timeout: 20,
  terminationLog: join(work, "none"),
  ...settings,
});

describe("slipway gate", () => {
  describe("beside real servers with certificates", () => {
    let authority: TestAuthority;
    let candidate: RunningServer;
    const url = () => `https://127.0.0.1:${candidate.server.ports().http}`;

    before(async () => {
      authority = new TestAuthority(work, "authority");
      const { cert, key } = authority.issue("server");
      writeFileSync(join(work, "tls.crt"), cert);
      writeFileSync(join(work, "tls.key"), key);
      candidate = await RunningServer.start(modelFolder({ "m/1/model.onnx": MODEL }), {
        tlsCert: join(work, "tls.crt"),
        tlsKey: join(work, "tls.key"),
      });
    });
    after(() => candidate.close());

    it("fails a candidate below the threshold, with the number as the pod's last word and status 1", async () => {
      const log = join(work, "termination-log");
      writeFileSync(log, "");
      const flags = ["--gate", "right", "--model", "m", "--dataset", join(work, "dataset.json")];
      const judged = ["--metric", "accuracy", "--threshold", "0.9", "--not-worse-than-live-by", "0.01"];
      const child = spawn(
        process.execPath,
        [
          "-r",
          "tsx/cjs",
          join(projectRoot, "runtime/main.ts"),
          "gate",
          ...flags,
          ...judged,
          "--termination-log",
          log,
        ],
        {
          env: {
            ...process.env,
            SLIPWAY_CANDIDATE_URL: url(),
            SLIPWAY_LIVE_URL: url(),
            SLIPWAY_CA_FILE: authority.file,
          },
        },
      );
      let stdout = "";
      child.stdout.on("data", (chunk) => (stdout += chunk));
      const [code] = (await once(child, "close")) as [number];
      const reason = "accuracy is 0.75 on 4 samples, less than 0.9";
      assert.deepEqual(JSON.parse(readFileSync(log, "utf8")), {
        gate: "right",
        verdict: "failed",
        value: 0.75,
        min: 0.9,
        reason,
      });
      assert.equal(
        stdout,
        `gate      right\nmetric    accuracy\ncandidate 0.75\nlive      0.75\nat least  0.9\nverdict   failed\n${reason}\n`,
      );
      assert.equal(code, 1);
    });

    it("passes what is as good as the live slot", async () => {
      const { outcome, live } = await judgeSlots(
        options({ candidateUrl: url(), liveUrl: url(), caFile: authority.file, notWorseThanLiveBy: 0 }),
      );
      assert.deepEqual(outcome, {
        gate: "g",
        verdict: "passed",
        value: 0.75,
        min: 0.75,
        reason: "accuracy is 0.75 on 4 samples, not worse than the live slot's 0.75 by more than 0",
      });
      assert.equal(live, 0.75);
    });

    it("ranks scores, and knows classes by name", async () => {
      const of = (settings: Partial<GateOptions>) =>
        judgeSlots(options({ candidateUrl: url(), caFile: authority.file, threshold: 0.5, ...settings }));
      assert.equal((await of({ metric: "rocAuc" })).outcome.value, 1);
      assert.equal((await of({ dataset: join(work, "names.json") })).outcome.value, 1);
    });

    it("finds no drift between a model and itself", async () => {
      const { outcome } = await judgeSlots(
        options({
          candidateUrl: url(),
          liveUrl: url(),
          caFile: authority.file,
          metric: "ks",
          threshold: 0.1,
        }),
      );
      assert.deepEqual(
        [outcome.verdict, outcome.value, outcome.reason],
        ["passed", 0, "the Kolmogorov-Smirnov distance is 0 on 4 samples, at most 0.1"],
      );
    });

    it("does not trust a server of another authority, nor ask it again", async () => {
      const other = new TestAuthority(work, "other");
      const begin = Date.now();
      const { outcome } = await judgeSlots(
        options({ candidateUrl: url(), caFile: other.file, threshold: 0.5 }),
      );
      assert.equal(outcome.verdict, "inconclusive");
      assert.match(
        outcome.reason,
        /^accuracy cannot be told: the candidate did not answer row \d: .*certificate/,
      );
      assert.ok(Date.now() - begin < 1000);
    });

    it("tells the server's own reason where it refuses a row", async () => {
      const { outcome } = await judgeSlots(
        options({ candidateUrl: url(), caFile: authority.file, threshold: 0.5, model: "other" }),
      );
      assert.equal(outcome.verdict, "inconclusive");
      assert.match(
        outcome.reason,
        /^accuracy cannot be told: the candidate did not answer row \d: .*`other`.* \(HTTP 404\)$/,
      );
    });
  });

  describe("beside servers that misbehave", () => {
    let answer: (response: ServerResponse, request: IncomingMessage) => void;
    let requests = 0;
    const server = createServer((request, response) => {
      requests++;
      request.resume().on("end", () => answer(response, request));
    });
    before(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
    after(() => {
      server.closeAllConnections();
      server.close();
    });
    beforeEach(() => (requests = 0));
    const settings = (): Partial<GateOptions> => ({
      candidateUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      threshold: 0.5,
    });
    const right = (response: ServerResponse) =>
      response.end(JSON.stringify({ outputs: [{ name: "y", datatype: "INT64", shape: [1], data: [0] }] }));
    const sentence = async (more: Partial<GateOptions> = {}) =>
      (await judgeSlots(options({ ...settings(), ...more }))).outcome;

    it("asks again where the server is busy or hangs up", async () => {
      answer = (response) => {
        if (requests === 1) response.writeHead(503).end('{"error":"The queue is full."}');
        else if (requests === 2) response.destroy();
        else right(response);
      };
      assert.equal((await sentence()).value, 0.75);
      assert.equal(requests, ROWS.length + 2);
    });

    it("gives up where it stays so, and is then inconclusive", async () => {
      answer = (response) => response.writeHead(503).end('{"error":"The queue is full."}');
      assert.deepEqual(await sentence({ concurrency: 1 }), {
        gate: "g",
        verdict: "inconclusive",
        value: null,
        reason: "accuracy cannot be told: the candidate did not answer row 1: The queue is full (HTTP 503)",
      });
      assert.equal(requests, 5);
    });

    it("never has more requests under way than allowed", async () => {
      let [underway, most] = [0, 0];
      answer = (response) => {
        most = Math.max(most, ++underway);
        setTimeout(() => {
          underway--;
          right(response);
        }, 20);
      };
      await sentence({ concurrency: 2 });
      assert.equal(most, 2);
    });

    it("does not wait beyond its time", async () => {
      answer = () => undefined;
      assert.equal(
        (await sentence({ timeout: 0.1, concurrency: 1 })).reason,
        "accuracy cannot be told: the candidate had not answered row 1 in time",
      );
    });

    const answers: [name: string, text: string, more: Partial<GateOptions>, reason: string][] = [
      ["what is not the protocol", "<html>", {}, "the candidate's answer to row 1 is not of the V2 protocol"],
      [
        "several outputs of which none is named",
        '{"outputs":[{"name":"a","data":[1]},{"name":"b","data":[1]}]}',
        {},
        "the candidate's answer to row 1 has 2 outputs (a, b); the gate must name one",
      ],
      [
        "an output that is not there",
        '{"outputs":[{"name":"a","data":[1]}]}',
        { output: "c" },
        'the candidate\'s answer to row 1 has no output "c"; it has a',
      ],
    ];
    for (const [name, text, more, reason] of answers) {
      it(`cannot judge ${name}`, async () => {
        answer = (response) => response.end(text);
        assert.equal(
          (await sentence({ concurrency: 1, ...more })).reason,
          `accuracy cannot be told: ${reason}`,
        );
      });
    }
  });

  describe("usage", () => {
    const common = ["--model", "m", "--dataset", "d", "--candidate-url", "https://c"];
    const cases: [argv: string[], message: string][] = [
      [
        [...common, "--metric", "precision"],
        "`--metric` (precision) must be one of accuracy, f1, rocAuc, rmse, psi, ks.",
      ],
      [[...common, "--metric", "f1"], "`--threshold` or `--not-worse-than-live-by` must be given."],
      [
        [...common, "--metric", "f1", "--not-worse-than-live-by", "0.1"],
        "`--live-url` must be given: the candidate is compared with the live slot.",
      ],
      [
        [...common, "--metric", "psi", "--threshold", "0.1"],
        "`--live-url` must be given: the candidate is compared with the live slot.",
      ],
      [
        [...common, "--metric", "ks", "--live-url", "https://l"],
        "`--threshold` must be given for `--metric` ks.",
      ],
      [
        [...common, "--metric", "f1", "--threshold", "0.5", "--live-url", "text-blue:8000"],
        "`--live-url` (text-blue:8000) must be an address, as in https://text-green.models.svc:8000.",
      ],
    ];
    for (const [argv, message] of cases) {
      it(`answers ${argv.slice(6).join(" ")} with one sentence`, async () => {
        await assert.rejects(gate(argv), { name: "UsageError", exitCode: 64, message });
      });
    }
  });
});
