import { apiGatewayBackendTls } from "../../../../policies/rules/encryption/api-gateway-backend-tls";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const rest = (props: Record<string, unknown>) =>
  put("integration", "aws:apigateway/integration:Integration", props);
const http = (props: Record<string, unknown>) =>
  put("integration", "aws:apigatewayv2/integration:Integration", props);

describeRule(apiGatewayBackendTls, {
  good: {
    HTTPS: rest({ uri: "https://backend.example" }),
    "a function": rest({
      uri: "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn/invocations",
    }),
    "of an HTTP API": http({ integrationUri: "https://backend.example" }),
  },
  bad: {
    HTTP: rest({ uri: "http://backend.example" }),
    "of an HTTP API": http({ integrationUri: "http://backend.example" }),
  },
  partial: {
    "HTTPS without verification": rest({
      uri: "https://backend.example",
      tlsConfig: { insecureSkipVerification: true },
    }),
  },
  wrongType: {
    "a word": rest({ uri: "https://backend.example", tlsConfig: { insecureSkipVerification: "no" } }),
  },
  unknown: {
    uri: rest({ uri: UNKNOWN }),
    switch: rest({ uri: "https://backend.example", tlsConfig: UNKNOWN }),
  },
});
