import { UNKNOWN } from "../../../../policies/testing";
import { lambdaRuntime } from "../../../../policies/rules/availability/lambda-runtime";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const fn = (props: Record<string, unknown>) => put("function", "aws:lambda/function:Function", props);

describeRule(lambdaRuntime, {
  good: { "a current one": fn({ runtime: "nodejs22.x" }), "its own": fn({ runtime: "provided.al2023" }) },
  bad: {
    Node: fn({ runtime: "nodejs16.x" }),
    Python: fn({ runtime: "python3.8" }),
    "the first Linux": fn({ runtime: "provided" }),
  },
  unknown: { runtime: fn({ runtime: UNKNOWN }) },
});
