import { readFileSync, existsSync } from "node:fs";
import { hostname } from "node:os";
import type { PublishedRollout } from "../../rollout/published";
import { SlipwayError } from "../../toolchain/errors";
import type { Progress } from "../../toolchain/progress";
import { hasSession, requireSession, saveSession, type LocalSession } from "../local-session";
import { assertCheckout } from "../checkout";
import { LOCAL_PROFILE } from "../local-profile";
import { userName } from "../user-name";
import { realClock, type Desk } from "./desk";
import { discoverRollouts } from "./discover";
import type { RolloutOutputs, TrafficEngine } from "./engine";
import { JournalFile } from "./journal-file";
import type { KnownRollout } from "./known-rollout";
import { ApiError, openTrafficCluster, type TrafficCluster } from "./kubernetes";
import { localTrafficStore, profileTrafficStore, type TrafficStore } from "./traffic-store";

/** Exit status for wrong usage, as sysexits.h has it. */
const EX_USAGE = 64;

/** Whoever left `--profile` out may have meant a stack that others use. */
const OR_ANOTHER = ", and `--profile` names another stack";

export interface ProfileOptions {
  readonly profile: string;
  readonly context?: string;
  readonly prometheus?: string;
}

/** A profile's rollouts, and everything that they are watched and switched with. */
export interface OpenProfile {
  readonly rollouts: readonly KnownRollout[];
  readonly cluster: TrafficCluster;
  readonly store: TrafficStore;
  /** Loopback or other URL; undefined where none is known. */
  readonly prometheus: string | undefined;
  /** PEM of the key that verifies records. */
  readonly publicKey: string | undefined;
  desk(rollout: KnownRollout): Desk;
}

/**
 * Opens a profile.
 * @param needs `outputs`: everything that the stack declares, which for other profiles than the local one takes the engine;
 *   `objects`: what the cluster's objects show is enough, and comes at once
 */
export async function openProfile(
  options: ProfileOptions,
  needs: "outputs" | "objects",
  progress: Progress,
): Promise<OpenProfile> {
  const { profile } = options;
  const isUp = profile === LOCAL_PROFILE && hasSession();
  if (!isUp) assertCheckout();
  const session = profile === LOCAL_PROFILE ? requireSession(OR_ANOTHER) : undefined;
  const context = options.context ?? session?.context;
  const { cluster, namespace } = openTrafficCluster(session?.kubeconfig, context);
  let opened: TrafficEngine | undefined;
  const engine = () => {
    const { pulumiEngine } = require("./engine") as typeof import("./engine");
    const kubeconfig = session?.kubeconfig ?? process.env.KUBECONFIG;
    return (opened ??= pulumiEngine({ profile, kubeconfig, context }, progress));
  };
  let outputs: RolloutOutputs | undefined;
  let rollouts: readonly KnownRollout[];
  if (session?.rollouts) rollouts = session.rollouts;
  else if (needs === "outputs") rollouts = (outputs = await engine().outputs()).rollouts;
  else rollouts = await discover(cluster, namespace);
  const store = session ? localTrafficStore(profile) : profileTrafficStore(profile);
  return {
    rollouts,
    cluster,
    store,
    prometheus: options.prometheus ?? session?.prometheus ?? undefined,
    publicKey: session?.recordPublicKey ?? outputs?.publicKey,
    desk: (rollout) => ({
      profile,
      by: whoAsks(process.env),
      rollout,
      cluster,
      store,
      journal: new JournalFile(profile, rollout.name),
      clock: realClock,
      engine,
      progress,
      publicKey: () => session?.recordPublicKey ?? outputs?.publicKey,
      signingKey: () => outputs?.signingKey ?? localKey(session),
      keep: (latest) => {
        outputs = latest;
        if (session) saveSession(sessionWith(latest.rollouts));
      },
      exclusively: (name, work, waitMs, meanwhile) => {
        const { exclusively } = require("../operation-lock") as typeof import("../operation-lock");
        return exclusively(name, work, waitMs, meanwhile);
      },
    }),
  };
}

/** The session as it is now: another command may have written it since. */
const sessionWith = (rollouts: readonly PublishedRollout[]): LocalSession => ({
  ...requireSession(),
  rollouts,
});

const localKey = (session: LocalSession | undefined): string | undefined =>
  session?.recordKey && existsSync(session.recordKey) ? readFileSync(session.recordKey, "utf8") : undefined;

/** In all namespaces where that is allowed, else in the context's own. */
async function discover(cluster: TrafficCluster, namespace: string | undefined): Promise<KnownRollout[]> {
  try {
    return await discoverRollouts(cluster, undefined);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 403 || !namespace) throw error;
    return discoverRollouts(cluster, namespace);
  }
}

/** The rollout of that name. @throws SlipwayError naming those that there are */
export function rolloutNamed({ rollouts }: Pick<OpenProfile, "rollouts">, name: string): KnownRollout {
  const found = rollouts.find((rollout) => rollout.name === name);
  if (found) return found;
  const known = rollouts.map((rollout) => `\`${rollout.name}\``).join(", ");
  throw new SlipwayError(
    `\`${name}\` is no service whose traffic can be switched; ${known ? `there are: ${known}` : "the stack has none"}`,
    EX_USAGE,
  );
}

/** Who asks, for the record: the person behind a CI job where CI says so, else the user of this machine. */
export function whoAsks(env: NodeJS.ProcessEnv): string {
  const ci = [
    ["GITHUB_ACTOR", "GITHUB_RUN_ID", "GitHub run"],
    ["GITLAB_USER_LOGIN", "CI_JOB_ID", "GitLab job"],
    ["BUILDKITE_BUILD_CREATOR_EMAIL", "BUILDKITE_BUILD_ID", "Buildkite build"],
  ] as const;
  for (const [person, run, what] of ci) {
    if (env[person]) return env[run] ? `${env[person]} (${what} ${env[run]})` : env[person];
  }
  return `${userName(env)}@${hostname()}`;
}
