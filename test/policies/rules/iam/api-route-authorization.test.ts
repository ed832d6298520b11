import { UNKNOWN } from "../../../../policies/testing";
import { apiRouteAuthorization } from "../../../../policies/rules/iam/api-route-authorization";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const api = (protocolType: string) => put("api", "aws:apigatewayv2/api:Api", { id: "a1", protocolType });
const route = (props: object) => put("route", "aws:apigatewayv2/route:Route", { apiId: "a1", ...props });

describeRule(apiRouteAuthorization, {
  good: {
    JWT: [api("HTTP"), route({ routeKey: "POST /infer", authorizationType: "JWT", authorizerId: "a" })],
    "a preflight": [api("HTTP"), route({ routeKey: "OPTIONS /{proxy+}" })],
    "what follows on a WebSocket": [api("WEBSOCKET"), route({ routeKey: "$default" })],
  },
  bad: {
    none: [api("HTTP"), route({ routeKey: "POST /infer", authorizationType: "NONE" })],
    unsaid: [api("HTTP"), route({ routeKey: "ANY /{proxy+}" })],
    "the default route": [api("HTTP"), route({ routeKey: "$default" })],
    "the opening of a WebSocket": [api("WEBSOCKET"), route({ routeKey: "$connect" })],
  },
  partial: { "a key alone": [api("WEBSOCKET"), route({ routeKey: "$connect", apiKeyRequired: true })] },
  wrongType: { boolean: [api("HTTP"), route({ routeKey: "GET /", authorizationType: true })] },
  unknown: {
    type: [api("HTTP"), route({ routeKey: "GET /", authorizationType: UNKNOWN })],
    key: [api("HTTP"), route({ routeKey: UNKNOWN })],
    "the API of a default route": [api("HTTP"), route({ routeKey: "$default", apiId: UNKNOWN })],
  },
});
