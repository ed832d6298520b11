import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  LocalWorkspace,
  PulumiCommand,
  Stack,
  StackAlreadyExistsError,
  StackNotFoundError,
} from "@pulumi/pulumi/automation";
import { parse, stringify } from "yaml";
import { messageOf, SlipwayError } from "../../toolchain/errors";
import { projectRoot, stateDir } from "../../toolchain/paths";
import { writePrivate } from "../local-session";
import { readProfileConfig, readStackConfig, type StackConfigFile } from "../profiles";
import { journalDir } from "../rollout/journal-file";
import { readLocalTraffic, TRAFFIC_KEY, type TrafficStates } from "../rollout/traffic-store";
import { engineEnvironment } from "./environment";

export interface StackOptions {
  profile: string;
  /** Keys of the `slipway` namespace that this run computed; they win over the committed ones. */
  config?: Record<string, unknown>;
  /**
   * Takes the whole configuration as the last update had it, instead of the committed one with what this run computed.
   * @default false
   */
  keepConfig?: boolean;
  /** Path of the kubeconfig of the cluster that the stack lives on. */
  kubeconfig?: string;
  /** Context of that kubeconfig. @default its current context */
  context?: string;
  /**
   * For commands that change nothing: they have settings of their own, so that an update that is under way goes on with its.
   * @default false
   */
  looking?: boolean;
  /** Previews ask no cluster. @default false */
  offline?: boolean;
  /** Folder for state and settings. @default the user's state directory */
  home?: string;
  /**
   * URL of a backend that others keep the stack in, as `pulumi login` takes it. It must be there already, and what
   * encrypts its secrets is theirs: `PULUMI_CONFIG_PASSPHRASE`, or a provider that the profile's file names.
   * @default state on disk, in `home`
   */
  backend?: string;
}

const engineDir = (home = stateDir()) => join(home, "pulumi");
const workDirOf = (profile: string, home = stateDir()) => join(home, "engine", profile);

/** Where the state of a stack of this machine lies. */
export function stateFile(profile: string, home?: string): string {
  return join(engineDir(home), ".pulumi", "stacks", "slipway", `${profile}.json`);
}

/** True where a stack of this profile was created on this machine and not yet removed. */
export function stackExists(profile: string): boolean {
  return existsSync(stateFile(profile));
}

/**
 * Opens (or creates) the profile's stack with state on disk. The engine works in a folder of the state directory, so
 * that neither the salt of the passphrase nor this machine's values ever reach the checkout's own files.
 */
export async function openStack(options: StackOptions): Promise<Stack> {
  const stackDir = workDirOf(options.profile, options.home);
  const backend = engineDir(options.home);
  mkdirSync(stackDir, { recursive: true, mode: 0o700 });
  const workDir = options.looking ? ownFolder(stackDir) : stackDir;
  mkdirSync(backend, { recursive: true, mode: 0o700 });
  writeProject(workDir);
  writeConfig(stackDir, workDir, options);
  const { root, env } = await engineEnvironment();
  const state: Record<string, string> = options.backend
    ? { PULUMI_BACKEND_URL: options.backend }
    : {
        PULUMI_BACKEND_URL: `file://${backend}`,
        PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile(options.home),
      };
  const workspace = await LocalWorkspace.create({
    workDir,
    pulumiCommand: await PulumiCommand.get({ root, skipVersionCheck: true }),
    envVars: {
      ...env,
      ...state,
      ...(options.kubeconfig ? { KUBECONFIG: options.kubeconfig } : {}),
      ...(options.offline ? { SLIPWAY_OFFLINE: "1", KUBECONFIG: "/dev/null" } : {}),
    },
  });
  if (!options.backend) return openLocally(options, workspace);
  try {
    return await Stack.select(options.profile, workspace);
  } catch (error) {
    throw new SlipwayError(selectionSentence(options.profile, options.backend, error));
  }
}

/** To select a stack is to ask whether it is there, which its file tells without another start of the engine. */
async function openLocally({ profile, home }: StackOptions, workspace: LocalWorkspace): Promise<Stack> {
  if (existsSync(stateFile(profile, home))) {
    workspace.selectStack = () => Promise.resolve();
    return Stack.select(profile, workspace);
  }
  return Stack.create(profile, workspace).catch((error: unknown) => {
    // Somebody made it meanwhile, or keeps it in another form.
    if (error instanceof StackAlreadyExistsError) return Stack.select(profile, workspace);
    throw error;
  });
}

function selectionSentence(profile: string, backend: string, error: unknown): string {
  // An address may carry credentials.
  const where = backend.replace(/\/\/[^/@]*@/, "//");
  if (error instanceof StackNotFoundError) {
    return `the backend ${where} (PULUMI_BACKEND_URL) has no stack ${profile}; \`pulumi stack init ${profile}\` makes it`;
  }
  const reason = /error: (.+)/.exec(messageOf(error))?.[1] ?? messageOf(error).split("\n")[0]!;
  return `the stack ${profile} in the backend ${where} (PULUMI_BACKEND_URL) cannot be opened: ${reason}`;
}

/** Folders that go with this process. */
const ownFolders: string[] = [];

function removeOwnFolders(): void {
  for (const folder of ownFolders) rmSync(folder, { recursive: true, force: true });
}

/** A folder that goes with this process. */
function ownFolder(stackDir: string): string {
  const folder = mkdtempSync(join(stackDir, "looking-"));
  if (ownFolders.push(folder) === 1) process.once("exit", removeOwnFolders);
  return folder;
}

/** The project file, with `main` made absolute because the engine works elsewhere. */
function writeProject(workDir: string): void {
  const project = parse(readFileSync(join(projectRoot, "Pulumi.yaml"), "utf8")) as Record<string, unknown>;
  project.main = join(projectRoot, String(project.main));
  writePrivate(join(workDir, "Pulumi.yaml"), stringify(project));
}

function writeConfig(stackDir: string, workDir: string, options: StackOptions): void {
  const { profile, config = {}, keepConfig, context, backend } = options;
  const committed = readProfileConfig(profile);
  const file = `Pulumi.${profile}.yaml`;
  const kept = join(stackDir, file);
  const previous = backend ? committed : existsSync(kept) ? readStackConfig(kept) : {};
  const base = (keepConfig ? appliedConfig(stackDir) : undefined) ?? committed.config;
  // Which slot is live is nobody's to compute: it stays what the last switch made it.
  const traffic = backend ? {} : readLocalTraffic(stackDir);
  const computed = Object.fromEntries(
    Object.entries(config).map(([key, value]) => [`slipway:${key}`, value]),
  );
  const settings = { ...base, ...computed };
  const merged: StackConfigFile = {
    ...encryptionOf(previous),
    config: {
      ...settings,
      ...withTraffic(settings, traffic),
      ...(context ? { "kubernetes:context": context } : {}),
    },
  };
  writePrivate(join(workDir, file), stringify(merged));
}

/** Beside the settings that the engine works with: an update that failed has written those, too. */
const appliedFile = (workDir: string): string => join(workDir, "applied.yaml");

/** Notes the configuration that an update has come to its end with: what switches of traffic go on from. */
export function rememberConfig(profile: string): void {
  const workDir = workDirOf(profile);
  const { config } = readStackConfig(join(workDir, `Pulumi.${profile}.yaml`));
  writePrivate(appliedFile(workDir), stringify({ config }));
}

function appliedConfig(workDir: string): StackConfigFile["config"] {
  const file = appliedFile(workDir);
  return existsSync(file) ? readStackConfig(file).config : undefined;
}

/** What was decided about services that still have a rollout; about others the program would not know what to do. */
function withTraffic(settings: Readonly<Record<string, unknown>>, states: TrafficStates): object {
  const services = (settings["slipway:services"] ?? []) as { name?: string; rollout?: unknown }[];
  const switched = services.filter?.(({ rollout }) => rollout !== undefined).map(({ name }) => name) ?? [];
  const kept = Object.entries(states).filter(([service]) => switched.includes(service));
  if (kept.length === 0) return {};
  return {
    [TRAFFIC_KEY]: { ...(settings[TRAFFIC_KEY] as object | undefined), ...Object.fromEntries(kept) },
  };
}

/** Process numbers of engines that work on this machine's stack now, as their locks say. */
export function enginesAtWork(profile: string): number[] {
  const locks = join(engineDir(), ".pulumi", "locks", "organization", "slipway", profile);
  if (!existsSync(locks)) return [];
  return readdirSync(locks)
    .map((file) => lockHolder(join(locks, file)))
    .filter((pid) => pid !== undefined)
    .filter(isEngine);
}

function lockHolder(file: string): number | undefined {
  try {
    return (JSON.parse(readFileSync(file, "utf8")) as { pid?: number }).pid;
  } catch {
    // It ended meanwhile.
    return undefined;
  }
}

/** The number of a process that has ended may be another's by now. */
function isEngine(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim().startsWith("pulumi");
  } catch {
    return false;
  }
}

/** What secrets of the stack's settings and state are encrypted with. */
const encryptionOf = ({ encryptionsalt, secretsprovider, encryptedkey }: StackConfigFile) =>
  Object.fromEntries(
    Object.entries({ encryptionsalt, secretsprovider, encryptedkey }).filter(
      ([, value]) => value !== undefined,
    ),
  );

function passphraseFile(home = stateDir()): string {
  const file = join(home, "passphrase");
  if (!existsSync(file)) writePrivate(file, randomBytes(32).toString("base64url"));
  return file;
}

/** Forgets a stack whose resources are gone already. */
export function removeStackFiles(profile: string): void {
  rmSync(workDirOf(profile), { recursive: true, force: true });
  rmSync(journalDir(profile), { recursive: true, force: true });
  const state = join(engineDir(), ".pulumi");
  for (const kind of ["stacks", "history", "backups", "locks"]) {
    const base = kind === "locks" ? join(state, kind, "organization") : join(state, kind);
    for (const suffix of kind === "stacks" ? [".json", ".json.bak", ".json.gz", ".json.gz.bak"] : [""]) {
      rmSync(join(base, "slipway", `${profile}${suffix}`), { recursive: true, force: true });
    }
  }
}
