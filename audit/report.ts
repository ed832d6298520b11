import type { EnforcementLevel, Severity } from "@pulumi/policy";
import type { Control } from "../policies/model/controls";

/** The version of report.json's shape: a reader of 1.x can read every later 1.y. */
export const SCHEMA_VERSION = "1.1";

/**
 * What came of one control on one resource. `not-applicable` says why; `indeterminate` means that a value is not
 * known before the update, or that nobody judged; `waived` is a failure that somebody answers for until a day.
 */
export type FindingState = "pass" | "fail" | "not-applicable" | "indeterminate" | "waived";

/** Where a program declared a resource. */
export interface SourceLine {
  /** Relative to the project's folder, with forward slashes. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column?: number;
}

export interface ReportedResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** The nearest component above it, by type and name (`slipway:index:ApiGateway gateway`); absent at the top of a stack. */
  readonly component?: string;
  readonly source?: SourceLine;
}

export interface ReportedRule {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly enforcement: EnforcementLevel;
  readonly description: string;
  readonly remediation: string;
  readonly types: readonly string[];
  readonly controls: readonly Control[];
  /** False where no waiver is accepted. */
  readonly waivable: boolean;
  /** What it judged by: the defaults of its parameters, and what was set over them. Absent where it has none. */
  readonly parameters?: Readonly<Record<string, unknown>>;
}

export interface AppliedWaiver {
  readonly owner: string;
  readonly reason: string;
  readonly ticket: string;
  /** Last day on which it holds, `2026-12-31`. */
  readonly expires: string;
  /** Line of its entry in the waivers' file, from 1. */
  readonly line: number;
}

export interface ReportedFinding {
  /** Id of a rule in `rules`. */
  readonly rule: string;
  /** URN of a resource in `resources`; that of the stack where a stack rule names none. */
  readonly resource: string;
  readonly state: FindingState;
  /** Sentences of the rule (fail, indeterminate, waived); one reason where it is not applicable; none for a pass. */
  readonly messages: readonly string[];
  readonly waiver?: AppliedWaiver;
  /** Properties that the pack mended before the update, where it was asked to. */
  readonly remediated?: readonly {
    readonly path: string;
    readonly before: unknown;
    readonly after: unknown;
  }[];
}

export interface ReportedInput {
  /** What it is: "state", "events", "waivers", "policy configuration", "configuration" for the profile's. */
  readonly kind: string;
  /** Base name of the file; no folders, which differ between machines. */
  readonly name: string;
  readonly sha256: string;
}

/** How far a framework's mapped controls are met. A control fails if any of its rules fails anywhere. */
export interface FrameworkCoverage {
  readonly framework: string;
  readonly version: string;
  readonly controls: readonly {
    readonly id: string;
    readonly title: string;
    readonly rules: readonly string[];
    /** Those of the rules that are off, and so have no say in the state; absent where all are on. */
    readonly disabled?: readonly string[];
    /** The worst state of its findings: fail > indeterminate > waived > pass > not-applicable. */
    readonly state: FindingState;
  }[];
}

/** A waiver that does not hold, and so fails the run: expired, unmatched, unknown rule, too long, not to be waived. */
export interface WaiverProblem {
  /** Line of its entry in the waivers' file, from 1. */
  readonly line: number;
  readonly message: string;
}

/** Ed25519 over the canonical JSON (RFC 8785) of the report without this field. */
export interface ReportSignature {
  readonly algorithm: "Ed25519";
  /** `sha256:` of the public key (DER of its SubjectPublicKeyInfo). */
  readonly keyId: string;
  /** Base64. */
  readonly value: string;
}

/** Everything an auditor can be shown, in a stable order; the same input gives the same bytes. */
export interface AuditReport {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  /** The day that expiry is judged by, `2026-11-21`: the only clock. */
  readonly asOf: string;
  readonly subject: {
    readonly project: string;
    readonly stack: string;
    /** What was judged: what a preview would make, what an update made, or what a state holds. */
    readonly mode: "preview" | "update" | "state";
  };
  readonly pack: { readonly name: string; readonly version: string; readonly sha256: string };
  /** Profiles of the pack that choose and enforce the rules, by name. */
  readonly profiles: readonly string[];
  /** What the audit was held to. */
  readonly terms: {
    /** Days from `asOf` that a waiver may go on. */
    readonly maxWaiverDays: number;
    /** Whether what is not known of a mandatory rule makes `audit` exit with 2, as a failure does. */
    readonly failOnIndeterminate: boolean;
  };
  readonly inputs: readonly ReportedInput[];
  readonly rules: readonly ReportedRule[];
  readonly resources: readonly ReportedResource[];
  /** Sorted by rule, then resource. */
  readonly findings: readonly ReportedFinding[];
  readonly frameworks: readonly FrameworkCoverage[];
  readonly summary: Readonly<Record<FindingState, number>> & {
    /** Unwaived failures of mandatory rules: what makes `audit` exit with 2. */
    readonly mandatoryFailures: number;
    /** Findings of mandatory rules that are indeterminate. */
    readonly mandatoryIndeterminate: number;
    /** Those of them that the run did not judge, as it ended before or had the rule off: they make it exit with 2 too. */
    readonly mandatoryUnjudged: number;
  };
  /** Absent where every waiver holds. Sorted by line. */
  readonly waiverProblems?: readonly WaiverProblem[];
  /** Absent where no key was given. */
  readonly signature?: ReportSignature;
}
