import { join } from "node:path";
import type { EngineEvent, OutputMap, Stack } from "@pulumi/pulumi/automation";
import { messageOf, SlipwayError } from "../../toolchain/errors";
import { projectRoot } from "../../toolchain/paths";
import { withTask, type Progress } from "../../toolchain/progress";
import { LOCAL_PROFILE } from "../local-profile";
import { engineSignal, whileEngineRuns } from "./in-progress";
import { collectEvents, nameOf, type Outcome, type Violation } from "./events";
import { yielding } from "./yielding";

/** Exit status where a mandatory policy is violated. */
export const EXIT_POLICY = 2;

const policyPacks = [join(projectRoot, "policies")];
const common = { suppressProgress: true, color: "never", signal: engineSignal } as const;

/** An operation did not come to its end. What it said until then is in `outcome`. */
export class OperationFailed extends SlipwayError {
  constructor(
    message: string,
    readonly outcome: Outcome,
    exitCode?: number,
  ) {
    super(message, exitCode);
  }
}

/** A mandatory policy is violated; a preview goes on to its end all the same. */
export class PolicyViolated extends OperationFailed {
  constructor(outcome: Outcome) {
    super(
      policySentence(outcome.violations.filter((violation) => violation.mandatory)),
      outcome,
      EXIT_POLICY,
    );
  }
}

type Operation = (onEvent: (event: EngineEvent) => void) => Promise<unknown>;

/** Runs an engine operation; a failure becomes one sentence with what the engine said last. */
async function run(
  { name }: Pick<Stack, "name">,
  progress: Progress,
  title: string,
  operation: Operation,
): Promise<Outcome> {
  const beside = name === LOCAL_PROFILE ? yielding : <T>(work: () => Promise<T>) => work();
  return withTask(progress, title, async (task) => {
    const { outcome, onEvent } = collectEvents(task);
    let failure: unknown;
    try {
      await whileEngineRuns(() => beside(() => operation(onEvent)));
    } catch (error) {
      failure = error;
    }
    if (outcome.violations.some((violation) => violation.mandatory)) throw new PolicyViolated(outcome);
    if (failure !== undefined) throw new OperationFailed(failureSentence(title, outcome, failure), outcome);
    return outcome;
  });
}

function policySentence(violations: Violation[]): string {
  const lines = violations.map((v) => `  ${v.policy}: ${nameOf(v.urn)}: ${v.message}`);
  return `mandatory policies are violated:\n${lines.join("\n")}`;
}

function failureSentence(title: string, outcome: Outcome, failure: unknown): string {
  // The engine repeats "update failed" after the diagnostic that says why.
  const reasons = [...new Set(outcome.errors)].filter(
    (text) => !/^(update|preview|refresh) failed$/.test(text),
  );
  return `${title} failed: ${reasons.length ? reasons.join("\n  ") : messageOf(failure)}`;
}

/** Sees everything that a preview tells, where its outcome is not enough. */
export interface PreviewWatch {
  /** File that the policy pack is configured with. */
  policyConfig: string;
  onEvent(event: EngineEvent): void;
  /** What `pulumi preview --json` prints: unlike the events, it says where each resource was declared. */
  onPrinted(json: string): void;
}

export interface PreviewSettings {
  refresh?: boolean | undefined;
  watch?: PreviewWatch | undefined;
}

export async function preview(
  stack: Stack,
  progress: Progress,
  { refresh, watch }: PreviewSettings = {},
): Promise<Outcome> {
  const outcome = await run(
    stack,
    progress,
    `Previewing ${stack.name} with the policy pack`,
    async (onEvent) => {
      if (!watch) return stack.preview({ ...common, onEvent, policyPacks, refresh });
      printJson(stack);
      // Each costs the program a stack trace, so that it tells them only where they are wanted (stacks/loader.js).
      stack.workspace.envVars.SLIPWAY_SOURCE_POSITIONS = "1";
      const both = (event: EngineEvent) => {
        onEvent(event);
        watch.onEvent(event);
      };
      const policies = { policyPacks, policyPackConfigs: [watch.policyConfig] };
      let printed = "";
      const onOutput = (text: string) => void (printed += text);
      try {
        return await stack.preview({ ...common, ...policies, onEvent: both, onOutput, refresh });
      } finally {
        watch.onPrinted(printed);
      }
    },
  );
  // What the program warns of does not keep it from being carried out: nobody else says it.
  for (const warning of new Set(outcome.warnings)) progress.note(`warning: ${warning}`);
  return outcome;
}

/** How the Automation API runs the engine; its types leave it out. */
interface EngineRunner {
  run(args: string[], ...rest: unknown[]): Promise<unknown>;
}

/** The Automation API has no option for `preview --json`. */
function printJson({ workspace }: Stack): void {
  const runner = workspace.pulumiCommand as unknown as EngineRunner;
  const run: EngineRunner["run"] = (args, ...rest) =>
    runner.run(args[0] === "preview" ? [...args, "--json"] : args, ...rest);
  const value: unknown = Object.create(runner, { run: { value: run } });
  Object.defineProperty(workspace, "pulumiCommand", { value });
}

export interface UpdateOptions {
  /** URNs, `*` and `**` allowed, of the resources that may be touched. @default all */
  targets?: readonly string[];
  /** What a person is told. @default "Updating" and the stack's name */
  title?: string;
}

/** What an update did, and the stack's outputs as it left them, secret ones included. */
export interface Updated {
  readonly outcome: Outcome;
  readonly outputs: OutputMap;
}

export async function update(
  stack: Stack,
  progress: Progress,
  options: UpdateOptions = {},
): Promise<Updated> {
  const target = options.targets && [...options.targets];
  let outputs: OutputMap = {};
  const outcome = await run(stack, progress, options.title ?? `Updating ${stack.name}`, async (onEvent) => {
    // The Automation API has asked for them anyway; asking again takes a second.
    ({ outputs } = await stack.up({ ...common, onEvent, policyPacks, ...(target ? { target } : {}) }));
  });
  return { outcome, outputs };
}

/** Reads what the cluster really has into the state, so that a lost object is made again. */
export function refresh(stack: Stack, progress: Progress): Promise<Outcome> {
  return run(stack, progress, `Refreshing ${stack.name}`, (onEvent) =>
    stack.refresh({ ...common, onEvent, clearPendingCreates: true }),
  );
}

export function destroy(stack: Stack, progress: Progress): Promise<Outcome> {
  return run(stack, progress, `Destroying ${stack.name}`, (onEvent) => stack.destroy({ ...common, onEvent }));
}
