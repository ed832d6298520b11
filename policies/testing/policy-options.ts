import type { EnforcementLevel, Policies } from "@pulumi/policy";
import type { Surroundings } from "./sdk-args";

/** A policy of any CrossGuard pack. */
export type Policy = Policies[number];

export interface PolicyOptions {
  /** The policy's parameters; what its schema gives a default may be left out. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** @default what the policy says, else advisory */
  readonly enforcement?: EnforcementLevel;
  readonly stackTags?: Readonly<Record<string, string>>;
}

/** A policy with what is set for it. */
export interface SetPolicy {
  readonly policy: Policy;
  readonly options: PolicyOptions;
}

/** Thrown by `notApplicable`, as the SDK does. */
export class NotApplicable extends Error {}

export function notApplicable(reason?: string): never {
  throw new NotApplicable(reason ?? "");
}

export function levelOf({ policy, options }: SetPolicy): EnforcementLevel {
  return options.enforcement ?? policy.enforcementLevel ?? "advisory";
}

/** What the SDK hands to a policy beside resources. The engine fills in what its schema has for what was not configured. */
export function surroundingsOf({ policy, options }: SetPolicy): Surroundings {
  const parameters = Object.entries(policy.configSchema?.properties ?? {});
  const defaults = parameters.flatMap(([name, { default: value }]) =>
    value === undefined ? [] : [[name, value]],
  );
  const config: unknown = { ...Object.fromEntries(defaults), ...options.config };
  return {
    stackTags: new Map(Object.entries(options.stackTags ?? {})),
    getConfig: <T extends object>() => config as T,
    notApplicable,
  };
}
