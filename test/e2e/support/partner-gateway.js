"use strict";
// A platform of its own beside the local one: a gateway that asks for client certificates and API keys, and a service whose
// routes ask for passwords instead. Run by authentication.e2e.ts.
require("tsx/cjs");
const { Namespace } = require("@pulumi/kubernetes/core/v1");
const { NetworkPolicy } = require("@pulumi/kubernetes/networking/v1");
const pulumi = require("@pulumi/pulumi");
const config = new pulumi.Config("slipway");
const {
  ApiGateway,
  CertificateAuthority,
  InferenceService,
  ModelRepository,
  ServiceRoute,
  TokenAuthority,
} = require(config.require("components"));
const given = config.requireObject("given");

const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
const created = new Namespace("partners", { metadata: { name: "partners", labels } });
const deny = new NetworkPolicy("partners-default-deny", {
  metadata: { name: "default-deny", namespace: created.metadata.name },
  spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
});
const namespace = deny.metadata.namespace;
const authority = new CertificateAuthority("partners-authority");
const tokens = new TokenAuthority("partners-tokens", { issuer: "https://partners.test" });
const gateway = new ApiGateway("partners", {
  namespace,
  authority,
  tokens,
  host: "partners.test",
  serviceType: "NodePort",
  nodePort: given.nodePort,
  replicas: 1,
  image: given.envoyImage,
  auth: { ...given.gatewayAuth },
  cors: { origins: ["https://console.partners.test"] },
});
const { insecureRegistries } = given;
const serve = (name, model, auth) => {
  const service = new InferenceService(name, {
    namespace,
    image: given.runtimeImage,
    repository: new ModelRepository(`${name}-models`, { models: [model], insecureRegistries }),
    models: [model],
    authority,
    gateways: [gateway.proxies],
    replicas: 1,
    maxReplicas: 1,
    cpuRequest: "50m",
    memoryRequest: "160Mi",
  });
  return new ServiceRoute(name, { gateway, service, authority, auth });
};
serve("keys", given.models.keys);
serve("people", given.models.people, given.peopleAuth);
module.exports = { caCertificate: authority.certificatePem };
