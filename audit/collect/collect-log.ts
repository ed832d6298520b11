import { InputError } from "../input-error";
import { member, parseJson, textMember } from "../json";
import type { ConfiguredRule } from "../rules";
import type { Collected } from "./collected";
import type { Surroundings } from "./collect-state";
import { EngineLogReader, type EngineLog, PACK } from "./engine-log";
import { judgeLog } from "./judge-log";
import { positionsOf } from "./read-state";
import { reportedResources } from "./resource-tree";
import { parseUrn, stackUrn } from "./urn";

/**
 * Judges by what an engine operation said.
 * @throws InputError
 */
export function collectLog(
  log: EngineLog,
  rules: readonly ConfiguredRule[],
  { projectRoot, fallback }: Surroundings,
): Collected {
  const [first] = log.resources.keys();
  const { project, stack } = first === undefined ? fallback : parseUrn(first);
  return {
    mode: log.mode,
    project,
    stack,
    resources: reportedResources(log.resources.values(), projectRoot),
    findings: judgeLog(rules, log, stackUrn(project, stack)),
  };
}

/**
 * Rules of another version may ask something else under the same name: what they found is not what this pack would find.
 * @throws InputError where another version of the pack judged
 */
export function refuseOtherVersions({ packVersions }: EngineLog, version: string): void {
  const other = [...packVersions].find((one) => one !== version);
  if (other === undefined) return;
  throw new InputError(
    `is of version ${JSON.stringify(other)} of the pack \`${PACK}\`, and this one is ${version}: audit it with the version that judged, or run it again`,
  );
}

/**
 * Reads what `--event-log FILE` has written: an event a line.
 * @throws InputError
 */
export function readEventLog(text: string): EngineLog {
  const reader = new EngineLogReader();
  for (const [i, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    try {
      reader.add(parseJson(line));
    } catch (error) {
      if (error instanceof InputError) throw new InputError(`line ${i + 1}: ${error.message}`);
      throw error;
    }
  }
  return reader.end();
}

/** Takes over where each resource was declared, from what `pulumi preview --json` prints. */
export function locateResources(reader: EngineLogReader, printed: string): void {
  const steps = member(parseJson(printed), "steps");
  for (const step of Array.isArray(steps) ? (steps as unknown[]) : []) {
    const urn = textMember(step, "urn");
    const state = member(step, "newState");
    if (urn === undefined || typeof state !== "object" || state === null) continue;
    reader.locate(urn, positionsOf(state as Readonly<Record<string, unknown>>));
  }
}
