import { inputRule } from "../../model/input-rule";

export const lambdaEnvironmentEncryption = inputRule(
  {
    id: "lambda-environment-encryption",
    title: "Environment variables of functions use a KMS key of your own",
    severity: "low",
    description:
      "Whoever may read a function sees its variables in plain, unless a key of your own stands between.",
    remediation: "kmsKeyArn: key.arn",
    types: ["aws:lambda/function:Function"],
    controls: [],
  },
  (fn) => {
    if (fn.get("environment", "variables").entries().length === 0) return undefined;
    return (fn.get("kmsKeyArn").string() ?? "") === ""
      ? "must set `kmsKeyArn`, as it has environment variables."
      : undefined;
  },
);
