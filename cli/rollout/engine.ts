import { setTimeout as sleep } from "node:timers/promises";
import type { OutputMap, Stack } from "@pulumi/pulumi/automation";
import type { PublishedRollout } from "../../rollout/published";
import { SlipwayError } from "../../toolchain/errors";
import { withTask, type Progress } from "../../toolchain/progress";
import { enginesAtWork, openStack, stackExists } from "../engine/workspace";
import { update } from "../engine/operations";
import { LOCAL_PROFILE } from "../local-profile";
import { rolloutTargets, type StateResource } from "./target-urns";

/** How long the engine of a command that was killed is waited for, in milliseconds. */
const OTHERS_MS = 300_000;
const POLL_MS = 200;

/** What the stack's outputs say about rollouts. */
export interface RolloutOutputs {
  readonly rollouts: readonly PublishedRollout[];
  /** PKCS#8 PEM. */
  readonly signingKey?: string;
  /** PEM. */
  readonly publicKey?: string;
}

/** The engine, as far as switching traffic needs it. */
export interface TrafficEngine {
  /**
   * Waits for the engine of a command that was killed, which goes on without it.
   * @param meanwhile done again and again as long as there is one
   */
  untilAlone(meanwhile?: () => Promise<unknown>): Promise<void>;
  outputs(): Promise<RolloutOutputs>;
  /** Makes the cluster what the configuration says about one service's traffic, and records it in the stack's state. */
  update(service: string, title: string): Promise<RolloutOutputs>;
}

export interface EngineOptions {
  readonly profile: string;
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
}

/** Opens the profile's stack anew for each operation: configuration that was written in between is then taken up. */
export function pulumiEngine(options: EngineOptions, progress: Progress): TrafficEngine {
  return {
    untilAlone: (meanwhile) => untilOthersEnded(options.profile, progress, meanwhile),
    outputs: async () => outputsOf(await open(options)),
    update: async (service, title) => {
      const stack = await open(options);
      if (options.profile === LOCAL_PROFILE) {
        await untilOthersEnded(options.profile, progress);
        // We hold this machine's lock: a lock in the state is what a killed run left behind.
        await stack.cancel().catch(() => undefined);
      }
      const { deployment } = await stack.exportStack();
      const { resources = [] } = (deployment ?? {}) as { resources?: StateResource[] };
      const targets = rolloutTargets(resources, service);
      if (targets.length === 0) {
        throw new SlipwayError(
          `the stack ${stack.name} has no Rollout \`${service}\` in its state; ${options.profile === LOCAL_PROFILE ? "`npm run up`" : "`pulumi up`"} makes it`,
        );
      }
      return rolloutOutputs((await update(stack, progress, { targets, title })).outputs);
    },
  };
}

async function untilOthersEnded(
  profile: string,
  progress: Progress,
  meanwhile: () => Promise<unknown> = async () => {},
): Promise<void> {
  if (enginesAtWork(profile).length === 0) return;
  await withTask(progress, "Waiting for the engine of a command that was killed", async () => {
    const deadline = Date.now() + OTHERS_MS;
    for (;;) {
      const [pid] = enginesAtWork(profile);
      if (pid === undefined) return;
      if (Date.now() > deadline) {
        throw new SlipwayError(
          `the engine of a command that was killed still runs (process ${pid}); end it first`,
        );
      }
      await meanwhile();
      await sleep(POLL_MS);
    }
  });
}

async function open({ profile, kubeconfig, context }: EngineOptions): Promise<Stack> {
  const isLocal = profile === LOCAL_PROFILE;
  const backend = isLocal ? undefined : process.env.PULUMI_BACKEND_URL || undefined;
  if (!backend && !stackExists(profile)) {
    throw new SlipwayError(
      isLocal
        ? "nothing is up; `npm run up` starts the local stack"
        : `there is no stack ${profile} on this machine; PULUMI_BACKEND_URL names the backend that has it`,
    );
  }
  return openStack({ profile, kubeconfig, context, backend, keepConfig: isLocal });
}

/** Asks the engine for the stack's outputs that concern rollouts. */
export async function outputsOf(stack: Stack): Promise<RolloutOutputs> {
  return rolloutOutputs(await stack.outputs());
}

/** Those that concern rollouts; a stack without any has none. */
function rolloutOutputs(outputs: OutputMap): RolloutOutputs {
  const text = (key: string) => {
    const value: unknown = outputs[key]?.value;
    return typeof value === "string" ? value : undefined;
  };
  return {
    rollouts: (outputs.rollouts?.value ?? []) as readonly PublishedRollout[],
    signingKey: text("recordSigningKey"),
    publicKey: text("recordPublicKey"),
  };
}
