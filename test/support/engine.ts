import { execFile } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ensureTools } from "../../toolchain/build";
import { cacheDir, projectRoot } from "../../toolchain/paths";
import { installPlugins } from "../../toolchain/plugins/install";
import { silent } from "../../toolchain/progress";
import { parseEvents } from "./engine-events";
import type { EngineEvents } from "./engine-events";

/** What one `pulumi` command did. */
export interface EngineRun extends EngineEvents {
  /** Exit status; -1 where a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Wall-clock time in milliseconds. */
  readonly elapsedMs: number;
}

export interface WorkspaceOptions {
  /** More files of the project, by relative path, e.g. a policy pack: `{"pack/PulumiPolicy.yaml": "…"}`. */
  readonly files?: { readonly [path: string]: string };
  /** Folders of policy packs: relative to the workspace, or absolute. Used by preview and up. */
  readonly policyPacks?: readonly string[];
  /** Stack configuration, plain values, e.g. `{"slipway:host": "localhost"}`. */
  readonly config?: { readonly [key: string]: unknown };
  readonly env?: NodeJS.ProcessEnv;
  /** The main file of the program. @default "index.js" */
  readonly main?: string;
  /** @default "test" */
  readonly project?: string;
  /** The packages that the program may import. @default those of the checkout */
  readonly nodeModules?: string;
  /** Whether the program has Pulumi's SDK load all its parts at the start, as it comes; see `lean-sdk.js`. @default false */
  readonly wholeSdk?: boolean;
}

const LEAN_SDK = "lean-sdk.js";

/** One Pulumi project with one stack, `dev`, in a folder of its own. */
export interface Workspace {
  readonly folder: string;
  /** Path of the engine, and the environment that its commands run with. */
  readonly engine: string;
  readonly env: NodeJS.ProcessEnv;
  /** The stack's URN prefix, e.g. `urn:pulumi:dev::test::`. */
  readonly urnPrefix: string;
  /** Replaces the program, e.g. to see what an update does. */
  writeProgram(source: string): Promise<void>;
  writeFile(path: string, text: string): Promise<void>;
  preview(...args: string[]): Promise<EngineRun>;
  up(...args: string[]): Promise<EngineRun>;
  refresh(...args: string[]): Promise<EngineRun>;
  destroy(...args: string[]): Promise<EngineRun>;
  /** Any other command. */
  pulumi(...args: string[]): Promise<EngineRun>;
  /** The stack's outputs, secrets shown. */
  outputs(): Promise<{ [name: string]: unknown }>;
  /** The state file as it lies on disk: secrets are encrypted in it. */
  stateText(): Promise<string>;
}

/** The engine that tests use: the one that `up` would use. `SLIPWAY_TEST_PULUMI` names another one. */
async function findEngine(): Promise<string> {
  const given = process.env.SLIPWAY_TEST_PULUMI;
  if (given !== undefined) return given;
  return (await ensureTools(["engine"], silent)).path("pulumi");
}

interface Execution {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function execute(
  file: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<Execution> {
  return new Promise((resolve) => {
    execFile(file, args, { cwd, env, maxBuffer: 256 * 1024 * 1024 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, stdout, stderr });
    });
  });
}

class EngineWorkspace implements Workspace {
  readonly urnPrefix: string;
  private runs = 0;

  constructor(
    readonly folder: string,
    readonly engine: string,
    readonly env: NodeJS.ProcessEnv,
    private readonly options: WorkspaceOptions,
  ) {
    this.urnPrefix = `urn:pulumi:dev::${options.project ?? "test"}::`;
  }

  async writeFile(path: string, text: string): Promise<void> {
    const file = join(this.folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }

  writeProgram(source: string): Promise<void> {
    return this.writeFile(this.options.main ?? "index.js", source);
  }

  async pulumi(...args: string[]): Promise<EngineRun> {
    const log = join(this.folder, `events-${this.runs++}.jsonl`);
    const started = performance.now();
    const common = ["--non-interactive", "--color", "never"];
    const withEvents = ["preview", "up", "refresh", "destroy"].includes(args[0] ?? "");
    const all = [...args, ...common, ...(withEvents ? ["--event-log", log] : [])];
    const execution = await execute(this.engine, all, this.folder, this.env);
    const elapsedMs = performance.now() - started;
    const text = existsSync(log) ? await readFile(log, "utf8") : "";
    return { ...execution, elapsedMs, ...parseEvents(text) };
  }

  private packs(): string[] {
    return (this.options.policyPacks ?? []).flatMap((pack) => ["--policy-pack", pack]);
  }

  preview(...args: string[]): Promise<EngineRun> {
    return this.pulumi("preview", "--stack", "dev", ...this.packs(), ...args);
  }

  up(...args: string[]): Promise<EngineRun> {
    return this.pulumi("up", "--yes", "--skip-preview", "--stack", "dev", ...this.packs(), ...args);
  }

  refresh(...args: string[]): Promise<EngineRun> {
    return this.pulumi("refresh", "--yes", "--skip-preview", "--stack", "dev", ...args);
  }

  destroy(...args: string[]): Promise<EngineRun> {
    return this.pulumi("destroy", "--yes", "--skip-preview", "--stack", "dev", ...args);
  }

  async outputs(): Promise<{ [name: string]: unknown }> {
    const run = await this.pulumi("stack", "output", "--json", "--show-secrets", "--stack", "dev");
    if (run.code !== 0) throw new Error(run.stderr);
    return JSON.parse(run.stdout) as { [name: string]: unknown };
  }

  stateText(): Promise<string> {
    const project = this.options.project ?? "test";
    return readFile(join(this.folder, STATE, ".pulumi", "stacks", project, "dev.json"), "utf8");
  }
}

/** What a new stack consists of. */
const STATE = "state";
const SETTINGS = "Pulumi.dev.yaml";
/** What decides where a stack is kept, and what its secrets are encrypted with. */
const OF_STACKS = ["PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"];
/** Folders with a stack that was never used, by project: the engine takes half a second of a processor to make one. */
const newStacks = new Map<string, string>();

async function initStack(workspace: Workspace, options: WorkspaceOptions): Promise<void> {
  const { project = "test", env = {} } = options;
  const isOfOurs = OF_STACKS.every((name) => env[name] === undefined);
  const { folder } = workspace;
  const made = newStacks.get(project);
  if (isOfOurs && made !== undefined) {
    await cp(made, folder, { recursive: true });
    return;
  }
  const created = await workspace.pulumi("stack", "init", "dev");
  if (created.code !== 0) throw new Error(`The test's stack could not be made: ${created.stderr}`);
  if (!isOfOurs) return;
  const kept = await mkdtemp(join(tmpdir(), "slipway-new-stack-"));
  process.once("exit", () => rmSync(kept, { recursive: true, force: true }));
  for (const part of [STATE, SETTINGS]) await cp(join(folder, part), join(kept, part), { recursive: true });
  newStacks.set(project, kept);
}

async function prepare(folder: string, program: string, options: WorkspaceOptions): Promise<Workspace> {
  const plugins = await installPlugins({ home: process.env.SLIPWAY_TEST_PLUGIN_HOME ?? cacheDir() });
  const env = {
    ...process.env,
    ...plugins,
    PULUMI_BACKEND_URL: `file://${join(folder, STATE)}`,
    PULUMI_CONFIG_PASSPHRASE: "a test has no secrets",
    // Without it the engine hides --event-log.
    PULUMI_DEBUG_COMMANDS: "true",
    ...options.env,
  };
  const workspace = new EngineWorkspace(folder, await findEngine(), env, options);
  const { project = "test", main = "index.js", wholeSdk = false } = options;
  await mkdir(join(folder, STATE));
  await symlink(options.nodeModules ?? join(projectRoot, "node_modules"), join(folder, "node_modules"));
  // JSON is YAML. Type checking is off: it is done once for the whole project, not on every run.
  const lean = wholeSdk ? {} : { nodeargs: `--require ./${LEAN_SDK}` };
  const runtime = { name: "nodejs", options: { typescript: false, ...lean } };
  await symlink(join(__dirname, LEAN_SDK), join(folder, LEAN_SDK));
  await workspace.writeFile("Pulumi.yaml", JSON.stringify({ name: project, main, runtime }));
  await workspace.writeFile("package.json", JSON.stringify({ name: project, private: true }));
  await workspace.writeProgram(program);
  for (const [path, text] of Object.entries(options.files ?? {})) await workspace.writeFile(path, text);
  await initStack(workspace, options);
  if (options.config) {
    // `stack init` has written the salt that secrets are encrypted with; it must stay.
    const settings = await readFile(join(folder, SETTINGS), "utf8");
    await workspace.writeFile(SETTINGS, `${settings}\nconfig: ${JSON.stringify(options.config)}\n`);
  }
  return workspace;
}

/**
 * Runs a test with a project of its own and the real engine; the folder is removed afterwards. Nothing that the
 * program created elsewhere is destroyed: a test that calls `up` calls `destroy`.
 * @param program source of the Pulumi program, CommonJS
 */
export async function withWorkspace<T>(
  program: string,
  use: (workspace: Workspace) => Promise<T>,
  options: WorkspaceOptions = {},
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-engine-"));
  try {
    return await use(await prepare(folder, program, options));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
