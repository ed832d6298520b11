import type { ConfiguredRule } from "../rules";
import type { Collected } from "./collected";
import { judgeState } from "./judge-state";
import { readState } from "./read-state";
import { reportedResources } from "./resource-tree";
import { stackUrn } from "./urn";

export interface Surroundings {
  /** Absolute path of the project, with forward slashes: source lines are relative to it. */
  readonly projectRoot: string;
  /** For input that has no resource to tell. */
  readonly fallback: { readonly project: string; readonly stack: string };
}

/**
 * Judges the state of a stack, without engine, program or provider.
 * @throws InputError
 */
export function collectState(
  text: string,
  rules: readonly ConfiguredRule[],
  { projectRoot, fallback }: Surroundings,
): Collected {
  const { stack: found, resources } = readState(text);
  const { project, stack } = found ?? fallback;
  return {
    mode: "state",
    project,
    stack,
    resources: reportedResources(resources, projectRoot),
    findings: judgeState(rules, resources, stackUrn(project, stack)),
  };
}
