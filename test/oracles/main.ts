/**
 * `npm run test:oracles`: asks the public libraries again for the numbers that tests hold the code to, and compares them with the
 * committed ones. Needs python3 with venv, and PyPI; the libraries lie in the cache folder afterwards. `--write` replaces the
 * committed numbers.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheDir } from "../../toolchain/paths";
import { firstDifference } from "./difference";

/** Libraries of other versions, and processors, may round otherwise. */
const TOLERANCE = 1e-9;

interface Oracle {
  readonly fixture: string;
  readonly command: (out: string) => readonly string[];
  /** Whether it prints its numbers, else it writes them. */
  readonly prints?: boolean;
}

const here = (file: string) => join(__dirname, file);

const ORACLES: readonly Oracle[] = [
  { fixture: "drift.json", command: (out) => [here("drift.py"), here("drift-cases.json"), out] },
  { fixture: "quality.json", command: () => [here("quality.py")], prints: true },
];

/** A Python with the libraries of requirements.txt; made once for each list of them. */
function python(): string {
  const requirements = here("requirements.txt");
  const digest = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 16);
  const environment = join(cacheDir(), "oracles", digest);
  const interpreter = join(environment, "bin/python");
  const done = join(environment, "installed");
  if (!existsSync(done)) {
    console.log("installing the libraries ...");
    execFileSync("python3", ["-m", "venv", "--clear", environment], { stdio: "inherit" });
    execFileSync(
      interpreter,
      ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements],
      {
        stdio: "inherit",
      },
    );
    writeFileSync(done, "");
  }
  return interpreter;
}

function main(write: boolean): number {
  const interpreter = python();
  const folder = mkdtempSync(join(tmpdir(), "slipway-oracles-"));
  let failed = 0;
  try {
    for (const { fixture, command, prints } of ORACLES) {
      const out = join(folder, fixture);
      const printed = execFileSync(interpreter, command(out), { encoding: "utf8", maxBuffer: 1 << 26 });
      const text = prints ? printed : readFileSync(out, "utf8");
      if (write) writeFileSync(here(fixture), text);
      const committed = JSON.parse(readFileSync(here(fixture), "utf8")) as unknown;
      const difference = firstDifference(committed, JSON.parse(text) as unknown, TOLERANCE);
      console.log(`${fixture}: ${difference ?? `the same to ${TOLERANCE}`}`);
      if (difference !== undefined) failed++;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return failed === 0 ? 0 : 1;
}

try {
  process.exitCode = main(process.argv.includes("--write"));
} catch (error) {
  console.error(`the oracles cannot be asked: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
