import { platformOutput, type ServingStack } from "../components";

/** Port that a URL need not name. */
const HTTPS_PORT = 443;

/** The outputs that every profile has, and that the command line reads. */
export function outputsOf(stack: ServingStack, gatewayPort: number): Record<string, unknown> {
  const address = (host: string): string =>
    `https://${host}${gatewayPort === HTTPS_PORT ? "" : `:${gatewayPort}`}`;
  return {
    endpoint: address(stack.gateway.host),
    caCertificate: stack.authority.certificatePem,
    tokenIssuer: stack.tokens.issuer,
    tokenAudience: stack.tokens.audience,
    tokenKeyId: stack.tokens.keyId,
    tokenSigningKey: stack.tokens.signingKeyPem,
    services: stack.services.map((service, i) => ({
      name: service.serviceName,
      namespace: service.namespace,
      endpoint: stack.routes[i]!.host.apply(address),
    })),
    models: stack.services.flatMap((service) =>
      [...new Set(service.models.map((model) => model.name))].map((name) => ({
        name,
        versions: service.models.filter((model) => model.name === name).map((model) => model.version),
        service: service.serviceName,
      })),
    ),
    platform: platformOutput(stack),
    prometheus: stack.monitoring && {
      namespace: stack.monitoring.namespace,
      service: stack.monitoring.serviceName,
      port: stack.monitoring.port,
    },
  };
}
