import { inputRule } from "../../model/input-rule";

export const apiGatewayBackendTls = inputRule(
  {
    id: "api-gateway-backend-tls",
    title: "APIs speak TLS to their backends",
    severity: "medium",
    description:
      "TLS that ends at the API leaves what callers sent readable between it and the backend, and a certificate that nobody verifies proves nothing.",
    remediation: 'uri: "https://backend.example/v1" // without tlsConfig.insecureSkipVerification',
    types: ["aws:apigateway/integration:Integration", "aws:apigatewayv2/integration:Integration"],
    controls: [],
  },
  (integration) => {
    const plain = ["uri", "integrationUri"]
      .map((name) => integration.get(name))
      .find((uri) => uri.string()?.startsWith("http://"));
    if (plain) return `must reach its backend by https, not by \`${plain.show()}\`.`;
    return integration.get("tlsConfig", "insecureSkipVerification").isOff()
      ? undefined
      : "must verify its backend's certificate.";
  },
);
