import type { PolicyConfigSchema, Severity } from "@pulumi/policy";
import type { Control } from "./controls";
import type { StackView } from "./stack-view";
import type { Subject } from "./subject";
import type { TypePattern } from "./type-pattern";
import type { Verdict } from "./verdict";

/** What a reader of a report needs to know about a rule; the reference page is made of it. */
export interface RuleMetadata {
  /** Stable, kebab-case, and also the name of the policy and of the file. */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** What is wrong without it, in one or two sentences. */
  readonly description: string;
  /** What to write in TypeScript to comply. */
  readonly remediation: string;
  readonly types: readonly TypePattern[];
  /** Only mappings with a citable source; often none. */
  readonly controls: readonly Control[];
  readonly configSchema?: PolicyConfigSchema;
  /** Why the rule is about nothing under a configuration that leaves out what it judges by; undefined where it does not. */
  readonly notApplicable?: (config: RuleConfig) => string | undefined;
  /** True where a secret is as good as a value that is not known: the rule is about what stands there in plain text. */
  readonly hidesSecrets?: true;
  /** False where nobody may waive a finding. @default true */
  readonly waivable?: false;
}

export type RuleConfig = Readonly<Record<string, unknown>>;

/** Judges one resource by its inputs, before it is created or changed. */
export interface ResourceRule extends RuleMetadata {
  readonly scope: "resource";
  check(subject: Subject, verdict: Verdict, config: RuleConfig): void;
}

/** Judges the stack as a whole, where the answer lies in several resources. Linear in their number. */
export interface StackRule extends RuleMetadata {
  readonly scope: "stack";
  check(stack: StackView, verdict: Verdict, config: RuleConfig): void;
}

export type Rule = ResourceRule | StackRule;
