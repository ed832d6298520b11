import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../toolchain/paths";
import { runCommand } from "../support/slipway";

/** Commands of the README that another place runs: this very test run, its first and last file, or CI. */
const RUN_ELSEWHERE: Record<string, string> = {
  "npm ci": "CI",
  "npm run up": "test/e2e/up.e2e.ts",
  "npm run down": "test/e2e/down.e2e.ts",
  "npm test": "CI",
  "npm i -D @slipway/slipway": "test/examples/consumers.engine.ts",
  "pulumi preview --policy-pack node_modules/@slipway/slipway/policies": "test/examples/consumers.engine.ts",
  "SLIPWAY_POLICY_PROFILE=pci-dss,soc2 pulumi preview --policy-pack node_modules/@slipway/slipway/policies":
    "test/policies/profiles.engine.ts",
  "npx slipway serve --model-repository DIR": "test/toolchain/package/package.engine.ts",
};

function commands(): string[] {
  const readme = readFileSync(join(projectRoot, "README.md"), "utf8");
  const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block]) => block!.split("\n"));
  // In prose, only a whole `npx slipway …` or `npm run …` is a command.
  const prose = [...readme.matchAll(/`((?:npx slipway|npm run) [^`]+)`/g)].map(([, command]) => command!);
  return [
    ...new Set(
      [...blocks, ...prose].map((line) => line.trim()).filter((line) => line && !line.startsWith("#")),
    ),
  ];
}

describe("the README", () => {
  const dir = mkdtempSync(join(tmpdir(), "slipway-readme-"));
  after(() => rmSync(dir, { recursive: true }));

  it("leaves no command to a test that does not exist", () => {
    for (const place of Object.values(RUN_ELSEWHERE).filter((place) => place.includes("/"))) {
      assert.ok(existsSync(join(projectRoot, place)), place);
    }
    for (const command of Object.keys(RUN_ELSEWHERE)) assert.ok(commands().includes(command), command);
  });

  for (const command of commands()) {
    if (RUN_ELSEWHERE[command] || command === "npm run test:unit") continue;
    it(`says what is true of: ${command}`, async () => {
      // Files that a command writes go to a folder that the test removes.
      const line = command.replace(
        /(--json|--markdown|--out) (\S+)/g,
        (_, flag, file) => `${flag} ${join(dir, file)}`,
      );
      const [program, ...args] = line.split(/\s+/);
      const { status, stdout, stderr } = await runCommand(program!, args);
      assert.equal(status, 0, `${stdout}${stderr}`);
      assert.ok(stdout.length > 0);
    });
  }
});
