import { inputRule } from "../../model/input-rule";

export const apiQuickCreate = inputRule(
  {
    id: "api-quick-create",
    title: "HTTP APIs are not made with an open default route",
    severity: "high",
    description:
      "An API with `target` gets a route that everyone can call; no authorizer can be given there.",
    remediation:
      '// Without `target` and `routeKey`; the route is declared by itself:\nnew aws.apigatewayv2.Route(name, { apiId: api.id, routeKey: "POST /infer", target, authorizationType: "JWT", authorizerId })',
    types: ["aws:apigatewayv2/api:Api"],
    controls: [],
  },
  (fields) =>
    fields.get("target").exists()
      ? "must not have a `target`: the route made by it has no authorizer."
      : undefined,
);
