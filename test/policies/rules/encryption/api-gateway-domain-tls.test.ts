import { apiGatewayDomainTls } from "../../../../policies/rules/encryption/api-gateway-domain-tls";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const rest = (props: Record<string, unknown>) => put("domain", "aws:apigateway/domainName:DomainName", props);
const http = (securityPolicy: string) =>
  put("domain", "aws:apigatewayv2/domainName:DomainName", { domainNameConfiguration: { securityPolicy } });

describeRule(apiGatewayDomainTls, {
  good: {
    "TLS 1.2": rest({ securityPolicy: "TLS_1_2" }),
    "TLS 1.3": rest({ securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09" }),
    "of an HTTP API": http("TLS_1_2"),
  },
  bad: {
    "TLS 1.0": rest({ securityPolicy: "TLS_1_0" }),
    "a default": rest({}),
    "of an HTTP API": http("TLS_1_0"),
  },
  partial: {
    "where the other kind of API has it": put("domain", "aws:apigatewayv2/domainName:DomainName", {
      securityPolicy: "TLS_1_2",
    }),
  },
  wrongType: { "a number": rest({ securityPolicy: 1.2 }) },
  unknown: { policy: rest({ securityPolicy: UNKNOWN }), "of an HTTP API": http(UNKNOWN) },
});
