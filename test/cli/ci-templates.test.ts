import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { previewCommand } from "../../cli/commands/preview";
import { RISK_LEVELS } from "../../cli/plan/risk-level";
import { profiles } from "../../cli/profiles";
import { projectRoot } from "../../toolchain/paths";
import { ciTemplates, githubWorkflow, gitlabPipeline, slipwayWords, type GitlabJob } from "./ci-templates";

const commandsOf = (steps: { command: string }[]) => steps.map(({ command }) => command.trim());

describe("templates for CI", () => {
  for (const { file, steps, env, text } of ciTemplates()) {
    describe(file, () => {
      it("installs what the lock file says, then previews, alike in every template", () => {
        assert.deepEqual(commandsOf(steps).slice(0, 2), [
          "npm ci",
          'npx --no slipway preview "$PROFILE" --offline --json plan.json --markdown plan.md --fail-on-risk "$FAIL_ON_RISK"',
        ]);
      });

      it("calls a command that exists, with options that exist, for a profile that exists", () => {
        const calls = steps.flatMap((step) => slipwayWords(step) ?? []);
        assert.equal(calls[0], "preview");
        const known = previewCommand().options.map(({ long }) => long);
        for (const word of calls.filter((word) => word.startsWith("--")))
          assert.ok(known.includes(word), word);
        assert.ok(profiles().includes(env.PROFILE!), env.PROFILE);
        assert.ok(RISK_LEVELS.includes(env.FAIL_ON_RISK as never), env.FAIL_ON_RISK);
      });

      it("writes no secret into a command, and traces none", () => {
        for (const { command } of steps) {
          // An expression is put into the shell's text before it runs, whatever it holds.
          assert.doesNotMatch(command, /\$\{\{|set -x/);
          assert.doesNotMatch(command.replace(/printf [^|]*\|/, ""), /TOKEN|PASSPHRASE/);
        }
        assert.doesNotMatch(text, /sh "/);
      });
    });
  }

  it("on GitHub pins every action by its commit, and allows a job no more than it needs", () => {
    const { permissions, jobs, on } = githubWorkflow();
    assert.deepEqual(permissions, {});
    // `pull_request_target` would give a fork's code the secrets.
    assert.deepEqual(Object.keys(on), ["pull_request"]);
    for (const { permissions: allowed, steps } of Object.values(jobs)) {
      assert.deepEqual(allowed, { contents: "read", "pull-requests": "write" });
      for (const { uses } of steps)
        if (uses !== undefined) assert.match(uses, /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
      const checkout = steps.find(({ uses }) => uses?.startsWith("actions/checkout@"));
      assert.equal(checkout?.with?.["persist-credentials"], false);
    }
  });

  it("on GitHub posts and keeps the plan also where the preview exits with 2 or 3", () => {
    const { steps } = githubWorkflow().jobs.preview!;
    const after = steps.slice(steps.findIndex(({ name }) => name === "Preview") + 1);
    assert.equal(after.length, 2);
    for (const step of after) assert.match(step.if ?? "", /!cancelled\(\)/);
  });

  it("on GitLab gives the token to no job but the one that posts", () => {
    const { preview, comment } = gitlabPipeline() as Record<string, GitlabJob>;
    assert.doesNotMatch(preview!.script.join("\n"), /TOKEN/);
    assert.match(comment!.script.join("\n"), /^test -f plan\.md\nprintf .* \| curl --config - /);
  });

  it("in Jenkins has balanced braces and only quotes that Groovy does not look into", () => {
    const { text } = ciTemplates()[2]!;
    const code = text.replace(/^\s*\/\/.*$/gm, "");
    const count = (character: string) => code.split(character).length;
    for (const [open, close] of ["{}", "()", "[]"]) assert.equal(count(open!), count(close!));
    assert.doesNotMatch(code.replace(/'[^'\n]*'/g, ""), /["']/);
  });

  it("are all in the README", () => {
    const readme = readFileSync(join(projectRoot, "docs/ci/README.md"), "utf8");
    for (const { file } of ciTemplates()) assert.ok(readme.includes(`](${file})`), file);
  });
});
