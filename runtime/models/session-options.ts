import { dirname } from "node:path";
import type { InferenceSession } from "onnxruntime-node";
import { usableCpus } from "../cpu-quota";
import { messageOf } from "../message-of";
import {
  CPU,
  failedProvider,
  offeredProviders,
  runsInParallel,
  startFailure,
  type Backends,
} from "./execution-providers";
import type { ExecutionConfig } from "./model-config-types";
import type { SealedModel } from "./model-trust";

/** What of a worker's orders concerns its session. */
export interface SessionInit {
  /** The model file, beside which weights of their own may lie. */
  readonly file: string;
  /** Threads that the session may compute with, >= 1: `--intra-op-threads` or the instance's share of the CPU quota. */
  readonly intraOpThreads: number;
  readonly execution?: ExecutionConfig;
}

export interface SessionSettings {
  readonly options: InferenceSession.SessionOptions;
  /** Execution providers in the order in which operators are offered to them; the last is `cpu`. */
  readonly providers: string[];
  /** Sentences on what was asked for and cannot be had; to be logged once. */
  readonly warnings: string[];
}

export interface OpenedSession {
  readonly session: InferenceSession;
  readonly providers: string[];
  readonly warnings: string[];
}

/** What is used of onnxruntime-node. */
export interface SessionLibrary extends Backends {
  readonly InferenceSession: {
    create(bytes: Uint8Array, options?: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
}

/** onnxruntime prints what it also throws; the server logs it once, in its own format. */
const FATAL_ONLY = 4;

/**
 * A session's options from `execution` of `model.json`.
 * @throws one sentence where `requireFirstProvider` cannot be kept
 */
export function sessionOptions(
  ort: Backends,
  init: SessionInit,
  processors: () => number = usableCpus,
): SessionSettings {
  const warnings: string[] = [];
  const providers = chooseProviders(offeredProviders(ort), init.execution, warnings);
  return { options: optionsFor(providers, init, warnings, processors), providers, warnings };
}

/**
 * Creates the session on the first provider that starts. Only then it shows whether one that onnxruntime-node was built
 * with finds its libraries and its device here.
 * @throws onnxruntime's own error where the model cannot be loaded at all, or one sentence for `requireFirstProvider`
 */
export async function openWithFallback(
  ort: SessionLibrary,
  bytes: Uint8Array,
  init: SessionInit,
): Promise<OpenedSession> {
  const passedOver: string[] = [];
  let providers = chooseProviders(offeredProviders(ort), init.execution, passedOver);
  const [first] = providers;
  for (;;) {
    const warnings: string[] = [];
    const options = optionsFor(providers, init, warnings, usableCpus);
    try {
      const session = await ort.InferenceSession.create(bytes, options);
      return { session, providers, warnings: [...passedOver, ...warnings] };
    } catch (error) {
      const failed = failedProvider(providers, messageOf(error));
      // On the processor alone it is the model that is at fault.
      if (failed === undefined) throw error;
      const reason = startFailure(failed, messageOf(error));
      if (init.execution?.requireFirstProvider && failed === first) {
        throw new Error(refusal(failed, reason), { cause: error });
      }
      providers = providers.filter((name) => name !== failed);
      passedOver.push(`${reason}; ${listed(providers)} ${providers.length > 1 ? "are" : "is"} used instead.`);
    }
  }
}

/**
 * The same for a model that was checked: refuses the session where weights beside the model, which onnxruntime opens by itself,
 * are not those that were checked.
 * @throws besides one sentence that names the file
 */
export async function openSealed(
  ort: SessionLibrary,
  { bytes, weights }: SealedModel,
  init: SessionInit,
): Promise<OpenedSession> {
  const opened = await openWithFallback(ort, bytes, init);
  try {
    for (const seal of weights) await seal.requireUnchanged();
  } catch (error) {
    await opened.session.release();
    throw error;
  }
  return opened;
}

/** Providers that are asked for and offered, each once, with the processor last as onnxruntime has it anyway. */
function chooseProviders(
  offered: readonly string[],
  { providers: asked = [CPU], requireFirstProvider = false }: ExecutionConfig = {},
  warnings: string[],
): string[] {
  const chosen: string[] = [];
  for (const name of asked) {
    if (chosen.includes(name)) continue;
    if (offered.includes(name)) {
      chosen.push(name);
      // Whatever came behind would never be given an operator.
      if (name === CPU) break;
      continue;
    }
    const reason = `this onnxruntime-node (${process.platform}/${process.arch}) offers ${offered.join(", ")}`;
    if (requireFirstProvider && name === asked[0]) throw new Error(refusal(name, reason));
    warnings.push(`\`execution.providers\` names \`${name}\`, but ${reason}; it is passed over.`);
  }
  if (!chosen.includes(CPU)) chosen.push(CPU);
  return chosen;
}

function optionsFor(
  providers: readonly string[],
  init: SessionInit,
  warnings: string[],
  processors: () => number,
): InferenceSession.SessionOptions {
  const { execution = {} } = init;
  const interOp = interOpThreads(providers, execution, warnings);
  // Both pools share the instance's processors; a run's own thread works in each.
  const intraOp = execution.intraOpThreads ?? Math.max(1, init.intraOpThreads - (interOp - 1));
  warnOfThreads(intraOp + interOp - 1, execution, warnings, processors);
  return {
    executionProviders: providers.map((name) => provider(name, execution)),
    ...(execution.graphOptimization && { graphOptimizationLevel: execution.graphOptimization }),
    intraOpNumThreads: intraOp,
    interOpNumThreads: interOp,
    ...(interOp > 1 && { executionMode: "parallel" }),
    // DirectML requires it.
    ...(providers.includes("dml") && { enableMemPattern: false }),
    logSeverityLevel: FATAL_ONLY,
    extra: {
      session: {
        // Spinning threads eat the CPU quota of everything else in the container.
        intra_op: { allow_spinning: "0" },
        ...(interOp > 1 && { inter_op: { allow_spinning: "0" } }),
        // Weights in files of their own are found beside the model although it is loaded from memory.
        model_external_initializers_file_folder_path: dirname(init.file),
      },
    },
  };

  function provider(name: string, { precision }: ExecutionConfig): InferenceSession.ExecutionProviderConfig {
    if (precision === undefined) return name;
    if (name === "qnn" && precision !== "int8") return { name, enableFp16Precision: precision === "fp16" };
    if (name !== CPU || providers.length === 1) {
      warnings.push(
        `\`execution.precision\` (${precision}) has no effect on \`${name}\`: onnxruntime-node takes no such option for it, so it computes as the model's file says; convert the file to ${precision} instead.`,
      );
    }
    return name;
  }
}

function interOpThreads(
  providers: readonly string[],
  { interOpThreads: asked = 1 }: ExecutionConfig,
  warnings: string[],
): number {
  const sequential = providers.find((name) => !runsInParallel(name));
  if (asked === 1 || sequential === undefined) return asked;
  warnings.push(
    `\`execution.interOpThreads\` (${asked}) has no effect: \`${sequential}\` runs one operator at a time.`,
  );
  return 1;
}

/** More threads than processors take turns, and a container's quota stops all of them when one has used it up. */
function warnOfThreads(
  threads: number,
  { intraOpThreads, interOpThreads: interOp }: ExecutionConfig,
  warnings: string[],
  processors: () => number,
): void {
  if (intraOpThreads === undefined && interOp === undefined) return;
  const available = processors();
  if (threads <= available) return;
  warnings.push(
    `\`execution.intraOpThreads\` and \`execution.interOpThreads\` make ${threads} threads for each instance, but this process may use ${available} processor${available === 1 ? "" : "s"}; they will wait for each other.`,
  );
}

function refusal(provider: string, reason: string): string {
  return `\`execution.requireFirstProvider\` wants \`${provider}\`, but ${reason}; provide it, or take \`requireFirstProvider\` away so that the next provider is used.`;
}

function listed(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}
