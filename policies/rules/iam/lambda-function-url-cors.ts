import { inputRule } from "../../model/input-rule";

export const lambdaFunctionUrlCors = inputRule(
  {
    id: "lambda-function-url-cors",
    title: "Function URLs name the origins that may call",
    severity: "medium",
    description: "With `*` every page that a user visits can call the function from the user's browser.",
    remediation: 'cors: { allowOrigins: ["https://app.example"] }',
    types: ["aws:lambda/functionUrl:FunctionUrl"],
    controls: [],
  },
  (fields) =>
    fields
      .get("cors", "allowOrigins")
      .strings()
      .some((origin) => /^(?:https?:\/\/)?\*$/.test(origin))
      ? "must name the origins in `cors.allowOrigins`, not `*`."
      : undefined,
);
