import { createRequire } from "node:module";
import { join } from "node:path";
import type { RunRequest } from "@pulumi/pulumi/proto/language_pb";

/** A Node process to start. */
export interface NodeCommand {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Options of `runtime:` in Pulumi.yaml that this host understands, with the official host's defaults. */
interface RuntimeOptions {
  /** @default true */
  readonly typescript: boolean;
  /** Extra flags for node, e.g. `--max-old-space-size=4096`. */
  readonly nodeArgs: readonly string[];
}

function runtimeOptions(request: Pick<RunRequest, "getInfo">): RuntimeOptions {
  const options = request.getInfo()?.getOptions()?.toJavaScript() ?? {};
  const nodeArgs = options.nodeargs;
  return {
    typescript: options.typescript !== false,
    nodeArgs: typeof nodeArgs === "string" ? nodeArgs.split(/\s+/).filter(Boolean) : [],
  };
}

/**
 * Finds a module of the SDK as the program itself would.
 * @throws Error that says how to install it
 */
export function locate(module: string, programDirectory: string): string {
  try {
    return createRequire(join(programDirectory, "program.js")).resolve(module);
  } catch {
    throw new Error(`The Pulumi SDK is not installed for ${programDirectory}: run \`npm ci\` there.`);
  }
}

function flag(name: string, value: string | number | undefined): string[] {
  return value === undefined || value === "" ? [] : [`--${name}`, String(value)];
}

/** How the SDK's own runner is to be called for one Run request. */
export function programCommand(request: RunRequest, engineAddress: string): NodeCommand {
  const programDirectory = request.getInfo()?.getProgramDirectory() || request.getPwd();
  const options = runtimeOptions(request);
  const config = Object.fromEntries(request.getConfigMap().toArray());
  return {
    args: [
      ...options.nodeArgs,
      locate("@pulumi/pulumi/cmd/run", programDirectory),
      ...flag("monitor", request.getMonitorAddress()),
      ...flag("engine", engineAddress),
      ...flag("organization", request.getOrganization()),
      ...flag("project", request.getProject()),
      ...flag("root-directory", request.getInfo()?.getRootDirectory()),
      ...flag("stack", request.getStack()),
      ...flag("pwd", request.getPwd()),
      ...flag("parallel", request.getParallel()),
      ...(request.getDryrun() ? ["--dry-run"] : []),
      request.getInfo()?.getEntryPoint() || request.getProgram() || ".",
      ...request.getArgsList(),
    ],
    cwd: request.getPwd() || programDirectory,
    env: {
      ...process.env,
      PULUMI_CONFIG: JSON.stringify(config),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      PULUMI_NODEJS_TYPESCRIPT: String(options.typescript),
    },
  };
}

interface PluginRequest extends Pick<RunRequest, "getInfo" | "getPwd" | "getArgsList"> {
  getEnvList(): string[];
  getKind(): string;
}

/** How a plugin that is a Node program, such as a policy pack, is to be started. */
export function pluginCommand(request: PluginRequest): NodeCommand {
  const directory = request.getInfo()?.getProgramDirectory() ?? request.getPwd();
  const { nodeArgs } = runtimeOptions(request);
  const variables = request.getEnvList().map((line): [string, string] => {
    const at = line.indexOf("=");
    return [line.slice(0, at), line.slice(at + 1)];
  });
  const args = request.getArgsList();
  const isPolicyPack = request.getKind() === "analyzer";
  const runner = isPolicyPack ? "run-policy-pack" : "run-plugin";
  return {
    args: [
      ...nodeArgs,
      locate(`@pulumi/pulumi/cmd/${runner}`, directory),
      // A policy pack's runner wants the engine's address first, a provider's runner the program.
      ...(isPolicyPack ? [...args, directory] : [directory, ...args]),
    ],
    // A policy pack reads its version from the package.json of the current folder.
    cwd: isPolicyPack ? directory : request.getPwd() || directory,
    env: { ...process.env, ...Object.fromEntries(variables) },
  };
}
