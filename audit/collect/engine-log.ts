import type { CollectedFinding } from "./collected";
import { InputError } from "../input-error";
import { isObject, member, textMember, type JsonObject } from "../json";
import { changedPaths } from "./changed-paths";
import { positionsOf } from "./read-state";
import type { PlacedResource } from "./resource-tree";
import { isProvider, parseUrn } from "./urn";

/** Name that the pack reports itself by. */
export const PACK = "slipway";

/** A resource as the operation wants it or has made it. */
export interface LoggedResource extends PlacedResource {
  readonly inputs: unknown;
}

/** What the pack said of one resource, or of the stack. */
export interface PolicyMessage {
  readonly rule: string;
  readonly urn: string;
  readonly text: string;
}

export interface Remediation {
  readonly rule: string;
  readonly urn: string;
  readonly changes: NonNullable<CollectedFinding["remediated"]>;
}

/** What a finished stream of engine events says about policies. */
export interface EngineLog {
  readonly mode: "preview" | "update";
  readonly resources: ReadonlyMap<string, LoggedResource>;
  readonly messages: readonly PolicyMessage[];
  readonly remediations: readonly Remediation[];
  /** URN → resource rules that passed or failed there; a rule in neither is about other types, or was off. */
  readonly judged: ReadonlyMap<string, ReadonlySet<string>>;
  /** The same for stack rules; undefined where the operation did not come so far. */
  readonly stackJudged: ReadonlySet<string> | undefined;
  /** Whether every resource of the program was registered; only then is a type that is missing not there. */
  readonly isWhole: boolean;
  /** Versions that the pack gave in it; one, unless logs were put together. */
  readonly packVersions: ReadonlySet<string>;
}

/** Levels at which a violation stops the operation. */
const STOPPING = new Set(["mandatory", "remediate"]);

/** Reads engine events one by one, as the Automation API hands them over or as `--event-log` writes them. */
export class EngineLogReader {
  private readonly resources = new Map<string, LoggedResource>();
  private readonly messages: PolicyMessage[] = [];
  private readonly remediations: Remediation[] = [];
  private readonly judged = new Map<string, Set<string>>();
  private stackJudged: Set<string> | undefined;
  private readonly packVersions = new Set<string>();
  private summary: JsonObject | undefined;
  private sawViolation = false;
  private sawError = false;

  add(event: unknown): void {
    const step = member(event, "resourcePreEvent") ?? member(event, "resOutputsEvent");
    if (step !== undefined) this.addStep(member(step, "metadata"));
    // Whichever pack was violated, it explains why the operation failed.
    const level = textMember(member(event, "policyEvent"), "enforcementLevel") ?? "";
    if (STOPPING.has(level)) this.sawViolation = true;
    if (textMember(member(event, "diagnosticEvent"), "severity") === "error") this.sawError = true;
    const policy = this.own(event, "policyEvent");
    if (policy) this.messages.push(messageOf(policy));
    const remediation = this.own(event, "policyRemediationEvent");
    if (remediation) this.remediations.push(remediationOf(remediation));
    const analyzed = this.own(event, "policyAnalyzeSummaryEvent");
    if (analyzed) this.judged.set(textMember(analyzed, "resourceUrn") ?? "", rulesIn(analyzed));
    const stack = this.own(event, "policyAnalyzeStackSummaryEvent");
    if (stack) this.stackJudged = new Set([...(this.stackJudged ?? []), ...rulesIn(stack)]);
    const summary = member(event, "summaryEvent");
    if (isObject(summary)) this.summary = summary;
  }

  /** Positions are not part of the events; what the engine prints of a preview has them. */
  locate(urn: string, positions: LoggedResource["positions"]): void {
    const resource = this.resources.get(urn);
    if (resource) this.resources.set(urn, { ...resource, positions });
  }

  /** @throws InputError where the stream was cut off, or the pack judged nothing in it */
  end(): EngineLog {
    if (!this.summary) {
      throw new InputError("ends before the operation does: there is no `summaryEvent` in it");
    }
    const result = textMember(this.summary, "result");
    if (this.judged.size === 0 && this.stackJudged === undefined) {
      if (result === "failed" || result === "canceled") {
        throw new InputError(
          `is of an operation that ${result === "failed" ? "failed" : "was canceled"} before the pack \`${PACK}\` judged anything; mend what stopped it, and run it again with \`--policy-pack\``,
        );
      }
      if (this.resources.size > 0) {
        throw new InputError(
          `is of an operation without the pack \`${PACK}\`; run it with \`--policy-pack\``,
        );
      }
    }
    const { resources, messages, remediations, judged, stackJudged, packVersions } = this;
    const mode = this.summary["isPreview"] === true ? "preview" : "update";
    const isWhole =
      stackJudged !== undefined ||
      result === "succeeded" ||
      // A preview goes on past a violation and only leaves out the rules over the stack; an update stops there.
      (mode === "preview" && result !== "canceled" && this.sawViolation && !this.sawError);
    return { mode, resources, messages, remediations, judged, stackJudged, isWhole, packVersions };
  }

  private own(event: unknown, kind: string): JsonObject | undefined {
    const found = member(event, kind);
    if (!isObject(found) || found["policyPackName"] !== PACK) return undefined;
    const version = textMember(found, "policyPackVersion") ?? "";
    if (version !== "") this.packVersions.add(version);
    return found;
  }

  private addStep(metadata: unknown): void {
    const state = member(metadata, "new");
    const urn = textMember(metadata, "urn");
    const op = textMember(metadata, "op") ?? "";
    if (urn === undefined || !isObject(state) || /^(?:delete|discard|read-discard)/.test(op)) return;
    const type = textMember(state, "type") ?? parseUrn(urn).type;
    if (isProvider(type)) return;
    this.resources.set(urn, {
      urn,
      type,
      parent: textMember(state, "parent"),
      custom: state["custom"] === true,
      positions: positionsOf(state),
      inputs: state["inputs"],
    });
  }
}

function rulesIn(summary: JsonObject): Set<string> {
  const names = [summary["passed"], summary["failed"]].flatMap((list) => (Array.isArray(list) ? list : []));
  return new Set(names.filter((name): name is string => typeof name === "string"));
}

// The engine writes colour directives as <{%reset%}>.
const plain = (text: string) => text.replace(/<\{%.*?%\}>/g, "").trim();

function messageOf(event: JsonObject): PolicyMessage {
  return {
    rule: textMember(event, "policyName") ?? "",
    urn: textMember(event, "resourceUrn") ?? "",
    text: plain(textMember(event, "message") ?? ""),
  };
}

function remediationOf(event: JsonObject): Remediation {
  return {
    rule: textMember(event, "policyName") ?? "",
    urn: textMember(event, "resourceUrn") ?? "",
    changes: changedPaths(member(event, "before"), member(event, "after")),
  };
}
