import { inputRule } from "../../model/input-rule";
import { oneOrMany } from "../../model/one-or-many";
import { asText } from "../../model/scalars";

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
    oneOrMany(fields.get("cors", "allowOrigins"))
      .map(asText)
      .some((origin) => /^(?:https?:\/\/)?\*$/.test(origin))
      ? "must name the origins in `cors.allowOrigins`, not `*`."
      : undefined,
);
