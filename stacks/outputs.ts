import type * as pulumi from "@pulumi/pulumi";
import { platformOutput, type ModelReference, type ServingStack } from "../components";

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
    services: [...stack.services, ...stack.rollouts].map((service, i) => ({
      name: service.serviceName,
      namespace: service.namespace,
      endpoint: stack.routes[i]!.host.apply(address),
    })),
    models: [
      ...stack.services.flatMap(({ serviceName, models }) => modelsOf(serviceName, models)),
      ...stack.rollouts.flatMap(({ serviceName, allModels }) => modelsOf(serviceName, allModels)),
    ],
    ...rolloutsOf(stack),
    platform: platformOutput(stack),
    prometheus: stack.monitoring && {
      namespace: stack.monitoring.namespace,
      service: stack.monitoring.serviceName,
      port: stack.monitoring.port,
    },
    ...alertingOf(stack),
    // For whoever verifies what the trigger sends.
    ...(stack.retraining && { retrainingSigningSecret: stack.retraining.signingSecret }),
  };
}

/** Where Alertmanager is, and where people reach the monitoring's servers; nothing where there is neither. */
function alertingOf({ monitoring }: ServingStack): Record<string, unknown> {
  const { alertmanager, addresses = {} } = monitoring ?? {};
  return {
    ...(alertmanager && {
      alertmanager: {
        namespace: alertmanager.namespace,
        service: alertmanager.serviceName,
        port: alertmanager.port,
      },
    }),
    ...(Object.keys(addresses).length === 0 ? {} : { monitoringAddresses: addresses }),
  };
}

/** Every model by its name, with all its versions. */
function modelsOf(service: pulumi.Output<string>, models: readonly ModelReference[]) {
  return [...new Set(models.map((model) => model.name))].map((name) => ({
    name,
    versions: models.filter((model) => model.name === name).map((model) => model.version),
    service,
  }));
}

/** What switches of traffic need; nothing where no service has a rollout. */
function rolloutsOf({ rollouts, recordKey }: ServingStack): Record<string, unknown> {
  if (recordKey === undefined) return {};
  return {
    rollouts: rollouts.map(({ published }) => published),
    recordSigningKey: recordKey.signingKeyPem,
    recordPublicKey: recordKey.publicKeyPem,
  };
}
