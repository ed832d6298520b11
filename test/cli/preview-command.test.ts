import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent, PreviewOptions, Stack } from "@pulumi/pulumi/automation";
import { failOnRisk, previewCommand } from "../../cli/commands/preview";
import { OperationFailed, PolicyViolated, preview } from "../../cli/engine/operations";
import { planOf, renderMarkdown } from "../../cli/plan";
import { RISK_LEVELS } from "../../cli/plan/risk-level";
import { projectRoot } from "../../toolchain/paths";
import { silent } from "../../toolchain/progress";
import { create, finding, refreshed } from "./plan/support";

describe("slipway preview", () => {
  const dir = mkdtempSync(join(tmpdir(), "slipway-preview-"));
  after(() => rmSync(dir, { recursive: true }));

  const parse = async (...args: string[]) => {
    let help = "";
    const command = previewCommand()
      .exitOverride()
      .configureOutput({ writeErr: () => undefined, writeOut: (text) => void (help += text) });
    const error: unknown = await command
      .parseAsync(args, { from: "user" })
      .catch((failure: unknown) => failure);
    return { error: error as Error & { exitCode: number; code?: string }, help };
  };

  for (const [args, sentence] of [
    [
      ["local", "--fail-on-risk", "high"],
      "error: option '--fail-on-risk <level>' argument 'high' is invalid. " +
        "Allowed choices are data-loss, interruption, access, cost, none.",
    ],
    [
      ["local", "--json", "-", "--markdown", "-"],
      "`--json` and `--markdown` cannot both be written to standard output",
    ],
    [
      ["local", "--json", "plan", "--markdown", "plan"],
      "`--json` and `--markdown` cannot both be written to plan",
    ],
    [
      ["local", "--json", join(dir, "no/plan.json")],
      `cannot write \`--json\` ${join(dir, "no/plan.json")}: there is no folder ${join(dir, "no")}`,
    ],
    [["local", "--markdown", dir], `cannot write \`--markdown\` ${dir}: it is a folder; name a file in it`],
  ] as const) {
    it(`refuses before any work: ${sentence}`, async () => {
      const { error } = await parse(...args);
      assert.equal(error.message, sentence);
      assert.deepEqual(readdirSync(dir), []);
    });
  }

  it("exits with 64 on usage that contradicts itself", () => {
    const args = [join(projectRoot, "cli/bin.js"), "preview", "local", "--offline", "--refresh"];
    const env = { ...process.env, SLIPWAY_STATE_DIR: dir, SLIPWAY_CACHE_DIR: dir, NO_COLOR: "1" };
    const { status, stderr, stdout } = spawnSync(process.execPath, args, { encoding: "utf8", env });
    const sentence =
      "`--refresh` reads what is really there and `--offline` asks nobody; leave one of them out";
    assert.deepEqual([status, stderr, stdout], [64, `error: ${sentence}\n`, ""]);
    assert.deepEqual(readdirSync(dir), []);
  });

  it("explains every risk level, the exit statuses and the backend in its help", async () => {
    const { help } = await parse("--help");
    for (const level of RISK_LEVELS) assert.match(help, new RegExp(`^  ${level} +\\w`, "m"));
    assert.match(help, /Exit status: 0 with and without changes, 2 .*, 3 where/);
    assert.match(help, /PULUMI_BACKEND_URL/);
    assert.match(help, /\$ npx slipway preview onprem --fail-on-risk interruption/);
  });

  it("offers what the templates and docs use", () => {
    const flags = previewCommand().options.map(({ long }) => long);
    assert.deepEqual(flags, ["--offline", "--refresh", "--json", "--markdown", "--fail-on-risk"]);
  });
});

describe("--fail-on-risk", () => {
  const changes = [{ risk: "cost" }, { risk: "access" }, { risk: "none" }] as const;

  for (const [limit, sentence] of [
    [undefined, undefined],
    ["data-loss", undefined],
    ["interruption", undefined],
    ["access", "1 change reaches the risk `access` (`--fail-on-risk`)"],
    ["cost", "2 changes reach the risk `cost` (`--fail-on-risk`)"],
    ["none", "3 changes reach the risk `none` (`--fail-on-risk`)"],
  ] as const) {
    it(`${limit}: ${sentence ?? "passes"}`, () => {
      if (sentence === undefined) failOnRisk(changes, limit);
      else assert.throws(() => failOnRisk(changes, limit), { message: sentence, exitCode: 3 });
    });
  }

  it("passes without a change, whatever the level", () => failOnRisk([], "none"));
});

describe("a preview that the engine ends", () => {
  const lost = { type: "kubernetes:core/v1:ConfigMap", name: "settings", before: {} };
  const stack = {
    name: "dev",
    preview: ({ onEvent }: PreviewOptions) => {
      for (const event of refreshed(lost)) onEvent?.(event);
      onEvent?.({
        sequence: 0,
        timestamp: 0,
        diagnosticEvent: { severity: "error", message: "no `way`" },
      } as never);
      return Promise.reject(new Error("preview failed"));
    },
  } as Stack;

  it("fails with 1 and its reason, and keeps what it found until then", async () => {
    await assert.rejects(preview(stack, silent), (error) => {
      assert.ok(error instanceof OperationFailed);
      assert.equal(error.exitCode, 1);
      assert.equal(error.message, "Previewing dev with the policy pack failed: no `way`");
      const plan = planOf("dev", error.outcome, error.message);
      assert.equal(plan.error, error.message);
      const markdown = renderMarkdown(plan);
      assert.ok(
        markdown.includes(
          "\n**The preview failed; this is what it said until then.** " +
            "`Previewing dev with the policy pack failed: no 'way'`\n\n### Changed by hand (1)\n",
        ),
        markdown,
      );
      assert.doesNotMatch(markdown, /Nothing changes/);
      return true;
    });
  });
});

describe("a preview that breaks a mandatory policy", () => {
  const resource = { type: "kubernetes:apps/v1:Deployment", name: "text", after: {} };
  const events: EngineEvent[] = [
    ...finding(resource, "is not by digest", true),
    ...create(resource),
    { sequence: 0, timestamp: 0, summaryEvent: { resourceChanges: { create: 1 } } } as never,
  ];
  const stack = {
    name: "dev",
    preview: ({ onEvent }: PreviewOptions) => {
      for (const event of events) onEvent?.(event);
      return Promise.reject(new Error("preview failed"));
    },
  } as Stack;

  it("fails with 2, and with what was planned all the same", async () => {
    await assert.rejects(preview(stack, silent), (error) => {
      assert.ok(error instanceof PolicyViolated);
      assert.equal(error.exitCode, 2);
      assert.equal(error.message, "mandatory policies are violated:\n  some-rule: text: is not by digest");
      const [change] = planOf("dev", error.outcome).changes;
      assert.deepEqual(
        change?.findings.map(({ mandatory, message }) => [mandatory, message]),
        [[true, "is not by digest"]],
      );
      return true;
    });
  });
});
