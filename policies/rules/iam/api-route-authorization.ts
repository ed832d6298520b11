import { awsControls } from "../../model/aws-controls";
import { given, Links } from "../../model/aws-links";
import type { StackRule } from "../../model/rule";
import type { StackView } from "../../model/stack-view";
import type { Subject } from "../../model/subject";

const ROUTE_TYPES = ["aws:apigatewayv2/route:Route"];

/** Of a WebSocket only the opening can be authorised; the rest follows on the same connection. */
const WEBSOCKET_OPENING = "$connect";
const HTTP_METHOD = /^[A-Z]+ \//;

/** The API of each route, where that can be told, by the route's URN. */
function apisOfRoutes(stack: StackView, routes: readonly Subject[]): Map<string, Subject> {
  const apis = stack.ofTypes(["aws:apigatewayv2/api:Api"]);
  const links = new Links(apis, routes, "apiId", ["id"]);
  return new Map(apis.flatMap((api) => links.to(api).map((route) => [route.urn, api] as const)));
}

export const apiRouteAuthorization: StackRule = {
  id: "api-route-authorization",
  title: "Routes of HTTP and WebSocket APIs know who calls",
  severity: "high",
  description: "A route without an authorization type can be called by everyone on the internet.",
  remediation:
    'new aws.apigatewayv2.Route(name, { …, authorizationType: "JWT", authorizerId: authorizer.id })',
  types: ROUTE_TYPES,
  controls: awsControls("apigatewayv2_api_authorizers_enabled"),
  scope: "stack",
  check(stack, verdict) {
    const routes = stack.ofTypes(ROUTE_TYPES);
    const apis = apisOfRoutes(stack, routes);
    for (const route of routes) {
      verdict.judge(route, () => {
        const key = route.fields.get("routeKey").string() ?? "";
        if (key.startsWith("OPTIONS ")) return;
        const type = given(route, "authorizationType").string() ?? "NONE";
        if (["AWS_IAM", "JWT", "CUSTOM"].includes(type)) return;
        const problem = `must set \`authorizationType\` for \`${key}\`, not ${type}.`;
        if (HTTP_METHOD.test(key) || key === WEBSOCKET_OPENING) return verdict.fail(route, problem);
        if (key !== "$default") return;
        const protocol = apis.get(route.urn)?.fields.get("protocolType").string();
        if (protocol === "HTTP") verdict.fail(route, problem);
        else if (protocol === undefined)
          verdict.indeterminate(
            route,
            "is open to everyone if its API is an HTTP API, which is not known here.",
          );
      });
    }
  },
};
