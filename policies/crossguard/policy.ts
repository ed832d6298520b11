import {
  type EnforcementLevel,
  type Policy,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
  UnknownValueError,
} from "@pulumi/policy";
import { withoutSecrets } from "../model/hidden-secrets";
import { isAbout, judgeResource, judgeStack } from "../model/judge";
import type { ResourceRule, Rule, RuleConfig, StackRule } from "../model/rule";
import { UNKNOWN } from "../model/unknown";
import { unwrapAll, unwrapProperties } from "../model/unwrap";
import type { Finding } from "../model/verdict";
import { remediated, remediations } from "../remediation";
import { viewOf } from "./shared-view";

/** Said by most rules of most resources: each character of it crosses to the engine as many times. */
export const OTHER_TYPE = "another type";

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
  const mend = remediations.get(rule.id);
  return {
    ...common,
    ...(mend && {
      remediateResource({ type, urn, name, props, getConfig }) {
        return remediated(rule, mend, { type, urn, name, props: unwrapAll(props) }, getConfig<RuleConfig>());
      },
    }),
    validateResource(args, reportViolation) {
      const { type, urn, name } = args;
      if (!isAbout(rule, type)) return withoutStackTrace(() => args.notApplicable(OTHER_TYPE));
      const config = args.getConfig<RuleConfig>();
      const reason = rule.notApplicable?.(config);
      if (reason !== undefined) return withoutStackTrace(() => args.notApplicable(reason));
      const plain = unwrapProperties(args.props);
      const props = rule.hidesSecrets ? withoutSecrets(plain as object) : plain;
      deliver(judgeResource(rule, { type, urn, name, props }, config), reportViolation);
    },
  };
}

function stackPolicy(rule: StackRule, common: Policy): StackValidationPolicy {
  const types = rule.types.join(", ");
  return {
    ...common,
    validateStack(args, reportViolation) {
      const stack = viewOf(args.resources);
      if (!stack.has(rule.types)) {
        return withoutStackTrace(() => args.notApplicable(`The stack has no ${types}.`));
      }
      const config = args.getConfig<RuleConfig>();
      const reason = rule.notApplicable?.(config);
      if (reason !== undefined) return withoutStackTrace(() => args.notApplicable(reason));
      deliver(judgeStack(rule, stack, config), reportViolation);
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
  // One a line: the auditor's report gives each to its resource.
  error.message = open.join("\n");
  throw error;
}
