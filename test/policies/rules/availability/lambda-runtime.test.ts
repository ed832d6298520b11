import { UNKNOWN } from "../../../../policies/testing";
import { lambdaRuntime } from "../../../../policies/rules/availability/lambda-runtime";
import { describeMore, describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const fn = (props: Record<string, unknown>) => put("function", "aws:lambda/function:Function", props);

describeRule(lambdaRuntime, {
  config: { asOf: "2026-10-30" },
  good: {
    "a current one": fn({ runtime: "nodejs22.x" }),
    "its own": fn({ runtime: "provided.al2023" }),
    "the day before its support ends": fn({ runtime: "python3.10" }),
    "from an image": fn({ packageType: "Image" }),
  },
  bad: {
    Node: fn({ runtime: "nodejs20.x" }),
    Python: fn({ runtime: "python3.8" }),
    "the first Linux": fn({ runtime: "provided" }),
  },
  partial: { none: "a function has one runtime" },
  notJudged: { number: fn({ runtime: 20 }), "a list": fn({ runtime: ["nodejs20.x"] }) },
  unknown: { runtime: fn({ runtime: UNKNOWN }), "newer than the table": fn({ runtime: "nodejs28.x" }) },
});

describeMore(lambdaRuntime, {
  config: { asOf: "2027-08-23" },
  bad: { ended: fn({ runtime: "nodejs22.x" }) },
  unknown: { "a table of more than a year": fn({ runtime: "nodejs24.x" }) },
});
