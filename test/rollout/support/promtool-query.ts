import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { findPromtool } from "../../support/promtool";

/** Series, a query about them, and the one number that Prometheus gives for it, to a hundredth. */
export interface Question {
  readonly what: string;
  /** Values as promtool reads them, one every 15 s: `5x3 stale 0+1x2` is 5, 5, 5, 5, gone, 0, 1, 2. */
  readonly series: Readonly<Record<string, string>>;
  readonly query: string;
  /** Seconds after the first value. */
  readonly at: number;
  readonly answer: number;
}

/** Has promtool answer each. */
export function itAnswers(questions: readonly Question[]): void {
  for (const each of questions) {
    it(`${each.what}: ${each.answer}`, async () => {
      const folder = mkdtempSync(join(tmpdir(), "slipway-promtool-"));
      try {
        writeFileSync(join(folder, "tests.yaml"), stringify(testFile(each)));
        assert.equal(await said(["test", "rules", join(folder, "tests.yaml")]), "");
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
}

function testFile({ series, query, at, answer }: Question) {
  return {
    // promtool loads no values after the last evaluation.
    evaluation_interval: "15s",
    tests: [
      {
        interval: "15s",
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        promql_expr_test: [
          {
            expr: `round(${query}, 0.01)`,
            eval_time: `${at}s`,
            exp_samples: [{ labels: "{}", value: answer }],
          },
        ],
      },
    ],
  };
}

/** @returns what promtool found wrong, empty where all is well */
async function said(args: readonly string[]): Promise<string> {
  const tool = await findPromtool();
  return new Promise((resolve) =>
    execFile(tool, args, (error, stdout, stderr) => resolve(error ? stdout + stderr : "")),
  );
}
