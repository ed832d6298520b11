import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";

/** Runtimes that AWS no longer mends: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html#runtimes-deprecated */
const DEPRECATED =
  /^(?:nodejs(?:\d\.\d+|1[0-8]\.x)?|python(?:2\.7|3\.[6-9])|java8|go1\.x|ruby(?:2\.\d|3\.2)|dotnet(?:core\d\.\d|[5-7])|provided)$/;

export const lambdaRuntime = inputRule(
  {
    id: "lambda-runtime",
    title: "Functions run on runtimes that are still mended",
    severity: "medium",
    description:
      "A runtime that is out of support gets no fixes, and AWS refuses updates of the function soon after.",
    remediation: 'runtime: "nodejs22.x"',
    types: ["aws:lambda/function:Function"],
    controls: awsControls("awslambda_function_using_supported_runtimes"),
  },
  (fields) => {
    const runtime = fields.get("runtime").string() ?? "";
    return DEPRECATED.test(runtime) ? `must not run on \`${runtime}\`, which is out of support.` : undefined;
  },
);
