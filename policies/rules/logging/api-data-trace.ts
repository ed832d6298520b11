import { inputRule } from "../../model/input-rule";

export const apiDataTrace = inputRule(
  {
    id: "api-data-trace",
    title: "API logs do not hold what requests hold",
    severity: "medium",
    description:
      "With `dataTraceEnabled` whole requests and responses are logged: inputs, tokens and personal data.",
    remediation: 'settings: { loggingLevel: "ERROR", dataTraceEnabled: false }',
    types: ["aws:apigateway/methodSettings:MethodSettings", "aws:apigatewayv2/stage:Stage"],
    controls: [],
  },
  (fields) => {
    const places = [
      fields.get("settings"),
      fields.get("defaultRouteSettings"),
      ...fields.get("routeSettings").items(),
    ];
    return places.every((place) => place.get("dataTraceEnabled").isOff())
      ? undefined
      : "must not set `dataTraceEnabled`.";
  },
);
