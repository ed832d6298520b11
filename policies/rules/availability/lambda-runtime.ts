import { awsControls } from "../../model/aws-controls";
import type { ResourceRule } from "../../model/rule";
import { AS_OF, citation, judgeSupport, SUPPORT } from "../../model/support-window";

export const lambdaRuntime: ResourceRule = {
  id: "lambda-runtime",
  title: "Functions run on runtimes that are still mended",
  severity: "medium",
  description: `A runtime that is out of support gets no fixes, and AWS refuses updates of the function soon after. The days are those of ${citation(SUPPORT.lambda)}.`,
  remediation: 'runtime: "nodejs24.x"',
  types: ["aws:lambda/function:Function"],
  controls: awsControls("awslambda_function_using_supported_runtimes"),
  configSchema: { properties: { asOf: AS_OF } },
  scope: "resource",
  check(subject, verdict, config) {
    const runtime = subject.fields.get("runtime").string();
    // A function from an image has none.
    if (runtime !== undefined)
      judgeSupport(subject, verdict, config, SUPPORT.lambda, runtime, `\`${runtime}\``);
  },
};
