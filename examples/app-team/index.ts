import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import * as pulumi from "@pulumi/pulumi";
import {
  CertificateAuthority,
  InferenceService,
  ModelRepository,
  ServiceRoute,
  existingPlatform,
  type ModelReference,
} from "@slipway/slipway";

const NAME = "moderation";

export = async () => {
  const config = new pulumi.Config();
  const platform = await existingPlatform(new pulumi.StackReference(config.require("platform")));
  const { gateway, scrapers, insecureRegistries } = platform;
  const models = config.requireObject<ModelReference[]>("models");

  // The platform closes its namespace too; said here as well, it stays closed whatever becomes of the other stack.
  const deny = new NetworkPolicy(`${NAME}-default-deny`, {
    metadata: { name: `${NAME}-default-deny`, namespace: gateway.namespace },
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  });
  // The team's own: the route tells the gateway whom to trust for this service, so no key of the platform is needed here.
  const authority = new CertificateAuthority(`${NAME}-authority`);
  const repository = new ModelRepository(`${NAME}-models`, { models, insecureRegistries });
  const service = new InferenceService(NAME, {
    // Through the policy, so that nothing runs before it is there.
    namespace: deny.metadata.namespace,
    image: platform.runtimeImage,
    repository,
    models,
    authority,
    gateways: [gateway.proxies],
    scrapers,
    replicas: 2,
    maxReplicas: 4,
  });
  const route = new ServiceRoute(NAME, { gateway, service, authority, requestsPerSecond: 100 });

  return {
    endpoint: `https://${gateway.host}`,
    serviceHost: route.host,
    models: models.map(({ name, version }) => `${name}/${version}`),
  };
};
