"use strict";
// A platform of its own beside the local one, whose callers bring tokens of somebody else's issuer, and where people sign in. Run by
// own-issuer.e2e.ts.
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
const created = new Namespace("tenants", { metadata: { name: "tenants", labels } });
const deny = new NetworkPolicy("tenants-default-deny", {
  metadata: { name: "default-deny", namespace: created.metadata.name },
  spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
});
const namespace = deny.metadata.namespace;
const authority = new CertificateAuthority("tenants-authority");
const tokens = new TokenAuthority("tenants-tokens", { issuer: "https://tenants.test" });
const gateway = new ApiGateway("tenants", {
  namespace,
  authority,
  tokens,
  host: given.host,
  serviceType: "NodePort",
  nodePort: given.nodePort,
  replicas: 1,
  image: given.envoyImage,
  auth: { jwt: given.jwt, oidc: given.oidc },
});
const repository = new ModelRepository("tenants-models", {
  models: [given.model],
  insecureRegistries: given.insecureRegistries,
});
const service = new InferenceService("tenant", {
  namespace,
  image: given.runtimeImage,
  repository,
  models: [given.model],
  authority,
  gateways: [gateway.proxies],
  replicas: 1,
  maxReplicas: 1,
  cpuRequest: "50m",
  memoryRequest: "160Mi",
});
new ServiceRoute("tenant", { gateway, service, authority });
module.exports = { caCertificate: authority.certificatePem, ownSigningKey: tokens.signingKeyPem };
