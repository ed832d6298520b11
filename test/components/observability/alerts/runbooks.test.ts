import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { ALERT_DEFAULTS } from "../../../../components/observability/alerts/alert-settings";
import { ALERT_NAMES } from "../../../../components/observability/alerts/rule";

const root = join(__dirname, "../../../..");
const FOLDER = join(root, "docs/runbooks");
const pages = ALERT_NAMES.map((name) => [name, readFileSync(join(FOLDER, `${name}.md`), "utf8")] as const);
const SECTIONS = ["What it means", "What users notice", "First", "Causes and mends", "To silence it"];
/** Verbs of kubectl that the pages use. */
const KUBECTL = ["get", "describe", "logs", "top", "scale", "delete", "exec", "cordon", "drain", "rollout"];

/** Lines that are typed: of the section `First`, without comments. */
function firstCommands(page: string): string[] {
  const [, section = ""] = page.split("## First\n");
  const [, block = ""] = /```sh\n([\s\S]*?)```/.exec(section) ?? [];
  return block.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

/** `npx slipway …` and `kubectl …` anywhere on a page. */
const calls = (page: string, program: string): string[][] =>
  [...page.matchAll(new RegExp(`${program} ([^\`|;"\\n$]+)`, "g"))].map((match) =>
    match[1]!.trim().split(/\s+/),
  );

function slipwayCommand(name: string): Command {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- commands are loaded by name
  const factories = require(join(root, "cli/commands", name)) as Record<string, () => Command>;
  return factories[`${name}Command`]!();
}

describe("docs/runbooks", () => {
  it("has a page for each alert, and no other", () => {
    assert.deepEqual(readdirSync(FOLDER).sort(), ALERT_NAMES.map((name) => `${name}.md`).sort());
  });

  it("is what alerts lead to unless they are told otherwise: this folder of the package", () => {
    const { name } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { name: string };
    assert.equal(ALERT_DEFAULTS.runbookBaseUrl, `https://unpkg.com/${name}/docs/runbooks`);
  });

  for (const [name, page] of pages) {
    describe(name, () => {
      it("has the sections that a person looks for, in their order", () => {
        assert.ok(page.startsWith(`# ${name}\n`));
        assert.deepEqual(
          [...page.matchAll(/^## (.+)$/gm)].map((match) => match[1]),
          SECTIONS,
        );
        assert.ok(page.includes(`alertname=${name} `));
        assert.ok((page.match(/^\| .+ \| .+ \|$/gm) ?? []).length >= 5, "three causes at least");
      });

      it("begins with three commands", () => {
        const typed = firstCommands(page);
        assert.equal(typed.length, 3, typed.join("\n"));
        for (const line of typed) assert.match(line, /^(npx slipway |kubectl |curl )/);
      });

      it("names commands and flags of slipway that there are", () => {
        for (const [command, ...rest] of calls(page, "npx slipway")) {
          if (command === "baseline") continue;
          const { options, registeredArguments } = slipwayCommand(command!);
          const flags = rest.filter((word) => word.startsWith("-"));
          for (const flag of flags)
            assert.ok(
              options.some(({ long, short }) => flag === long || flag === short),
              `slipway ${command} ${flag}`,
            );
          const given = rest.filter((word, i) => /^[A-Z]+$/.test(word) && rest[i - 1] !== "--profile").length;
          const least = registeredArguments.filter(({ required }) => required).length;
          assert.ok(
            given >= least && given <= registeredArguments.length,
            `slipway ${command} ${rest.join(" ")}`,
          );
        }
      });

      it("says of which stack, wherever a command would take the one of this machine otherwise", () => {
        for (const [command, ...rest] of calls(page, "npx slipway")) {
          if (command === "baseline") continue;
          if (!slipwayCommand(command!).options.some(({ long }) => long === "--profile")) continue;
          assert.match(rest.join(" "), /(^| )--profile PROFILE( |$)/, `slipway ${command} ${rest.join(" ")}`);
        }
        if (page.includes(" PROFILE")) assert.match(page, /^`.*`PROFILE` is the stack's profile/m);
      });

      it("names verbs of kubectl, each with the namespace of what is in one", () => {
        for (const words of calls(page, "kubectl")) {
          const [verb] = words.filter((word, i) => word !== "-n" && words[i - 1] !== "-n");
          assert.ok(KUBECTL.includes(verb!), words.join(" "));
          if (["logs", "top", "exec", "scale", "rollout"].includes(verb!))
            assert.equal(words[0], "-n", words.join(" "));
        }
      });

      it("leads to pages that there are", () => {
        for (const [, target] of page.matchAll(/\]\((?!https:)([^)#]+)/g))
          assert.ok(readFileSync(join(FOLDER, target!)).length > 0);
      });
    });
  }
});
