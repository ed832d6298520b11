import { UNKNOWN } from "../../../../policies/testing";
import { apiQuickCreate } from "../../../../policies/rules/iam/api-quick-create";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const API = "aws:apigatewayv2/api:Api";

describeRule(apiQuickCreate, {
  good: { plain: put("api", API, { protocolType: "HTTP" }) },
  bad: {
    target: put("api", API, { protocolType: "HTTP", target: "https://backend.example", routeKey: "GET /" }),
  },
  partial: {
    "a target without a route": put("api", API, { protocolType: "HTTP", target: "https://backend.example" }),
  },
  wrongType: { "a number": put("api", API, { protocolType: "HTTP", target: 7 }) },
  unknown: { target: put("api", API, { protocolType: "HTTP", target: UNKNOWN }) },
});
