import {
  type EnforcementLevel,
  type Policy,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
  UnknownValueError,
} from "@pulumi/policy";
import type { ResourceRule, Rule, StackRule } from "../model/rule";
import { StackView } from "../model/stack-view";
import { itemType, subjectsOf } from "../model/subject";
import { matchesType } from "../model/type-pattern";
import { UNKNOWN } from "../model/unknown";
import { unwrapOutputs, unwrapProperties } from "../model/unwrap";
import { type Finding, Verdict } from "../model/verdict";

/** A rule as a CrossGuard policy with the given enforcement. */
export function toPolicy(
  rule: Rule,
  enforcementLevel: EnforcementLevel,
): ResourceValidationPolicy | StackValidationPolicy {
  const common = describe(rule, enforcementLevel);
  return rule.scope === "resource" ? resourcePolicy(rule, common) : stackPolicy(rule, common);
}

function describe(rule: Rule, enforcementLevel: EnforcementLevel): Policy {
  const [control] = rule.controls;
  return {
    name: rule.id,
    displayName: rule.title,
    description: rule.description,
    severity: rule.severity,
    remediationSteps: rule.remediation,
    enforcementLevel,
    ...(rule.configSchema && { configSchema: rule.configSchema }),
    ...(control && {
      framework: {
        name: control.framework,
        version: control.version,
        reference: control.id,
        specification: control.title,
      },
    }),
  };
}

function resourcePolicy(rule: ResourceRule, common: Policy): ResourceValidationPolicy {
  const elsewhere = `The rule is about ${rule.types.join(", ")}.`;
  return {
    ...common,
    validateResource(args, reportViolation) {
      if (!matchesType(itemType(args.type), rule.types)) {
        return withoutStackTrace(() => args.notApplicable(elsewhere));
      }
      const verdict = new Verdict();
      const props = unwrapProperties(args.props);
      for (const subject of subjectsOf({ type: args.type, urn: args.urn, name: args.name, props })) {
        verdict.judge(subject, () => rule.check(subject, verdict, args.getConfig()));
      }
      deliver(verdict.findings, reportViolation);
    },
  };
}

function stackPolicy(rule: StackRule, common: Policy): StackValidationPolicy {
  const types = rule.types.join(", ");
  return {
    ...common,
    validateStack(args, reportViolation) {
      if (!args.resources.some((resource) => matchesType(itemType(resource.type), rule.types))) {
        return withoutStackTrace(() => args.notApplicable(`The stack has no ${types}.`));
      }
      const stack = new StackView(
        args.resources.map(({ type, urn, name, props }) => ({
          type,
          urn,
          name,
          props: unwrapOutputs(props),
        })),
      );
      const verdict = new Verdict();
      rule.check(stack, verdict, args.getConfig());
      deliver(verdict.findings, reportViolation);
    },
  };
}

/**
 * `notApplicable` throws, for most rules on most resources. A trace that nobody reads would be the larger part of
 * what the pack costs in a big stack.
 */
function withoutStackTrace(leave: () => never): never {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return leave();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/**
 * Failures are reported one by one. What cannot be judged yet goes the way that the SDK has for it: an
 * `UnknownValueError`, which it turns into an advisory "can't run during preview", so that it is neither passed
 * in silence nor blocks an update whose values are known by then.
 */
function deliver(
  findings: readonly Finding[],
  reportViolation: (message: string, urn?: string) => void,
): void {
  for (const { state, message, urn } of findings) if (state === "fail") reportViolation(message, urn);
  const open = findings.filter(({ state }) => state === "indeterminate").map(({ message }) => message);
  if (open.length === 0) return;
  // The SDK declares the class for `instanceof` only; its constructor takes a mark and a path.
  const create = UnknownValueError as unknown as new (mark: string, path: string[]) => Error;
  const error = new create(UNKNOWN, []);
  error.message = open.join(" ");
  throw error;
}
