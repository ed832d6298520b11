import { inputRule } from "../../model/input-rule";

const MODERN = /^(?:TLS_1_2|SecurityPolicy_TLS1[23]_.*)$/;

export const apiGatewayDomainTls = inputRule(
  {
    id: "api-gateway-domain-tls",
    title: "Domain names of APIs accept TLS 1.2 or newer",
    severity: "high",
    description: "TLS 1.0 and 1.1 are withdrawn (RFC 8996).",
    remediation: 'securityPolicy: "TLS_1_2"',
    types: ["aws:apigateway/domainName:DomainName", "aws:apigatewayv2/domainName:DomainName"],
    controls: [],
  },
  (domain, { type }) => {
    const owner = type.startsWith("aws:apigatewayv2") ? domain.get("domainNameConfiguration") : domain;
    const policy = owner.get("securityPolicy");
    if (MODERN.test(policy.string() ?? "")) return undefined;
    return `must set \`${policy.path}\` to "TLS_1_2", ${policy.exists() ? `not ${policy.show()}` : "not leave it to a default"}.`;
  },
);
