"use strict";
// A platform of its own beside the local one: a gateway, and a service whose requests Flagger moves. Run by flagger.e2e.ts.
require("tsx/cjs");
const { Namespace } = require("@pulumi/kubernetes/core/v1");
const { NetworkPolicy } = require("@pulumi/kubernetes/networking/v1");
const pulumi = require("@pulumi/pulumi");
const config = new pulumi.Config("slipway");
const { ApiGateway, CertificateAuthority, ModelRepository, Rollout, ServiceRoute, TokenAuthority } = require(
  config.require("components"),
);
const { models, ...given } = config.requireObject("given");

// Rewritten by the test: which of the models is the candidate, if any, and the least that the gate lets pass.
const CANDIDATE = undefined;
const LEAST = 1;

const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
const created = new Namespace("flagged", { metadata: { name: "flagged", labels } });
const deny = new NetworkPolicy("flagged-default-deny", {
  metadata: { name: "default-deny", namespace: created.metadata.name },
  spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
});
const namespace = deny.metadata.namespace;
const authority = new CertificateAuthority("flagged-authority");
const tokens = new TokenAuthority("flagged-tokens", { issuer: "https://flagged.test" });
const gateway = new ApiGateway("flagged", {
  namespace,
  authority,
  tokens,
  host: "flagged.test",
  serviceType: "NodePort",
  nodePort: given.nodePort,
  replicas: 1,
  image: given.envoyImage,
  auth: { apiKeys: { clients: { ci: { key: given.key } } } },
});
const rollout = new Rollout("voice", {
  namespace,
  image: given.runtimeImage,
  repository: new ModelRepository("flagged-models", {
    models,
    insecureRegistries: given.insecureRegistries,
  }),
  authority,
  gateways: [gateway.proxies],
  replicas: 1,
  cpuRequest: "50m",
  memoryRequest: "160Mi",
  driver: "flagger",
  slots: {
    blue: { models: [models[0]] },
    ...(CANDIDATE === undefined ? {} : { green: { models: [models[CANDIDATE]] } }),
  },
  strategy: { kind: "canary", stepWeights: [30, 60], interval: 10 },
  gates: [{ kind: "prometheus", name: "always", query: "vector(1)", min: LEAST }],
  flagger: { prometheusUrl: given.prometheus },
});
new ServiceRoute("voice", { gateway, service: rollout, authority });
module.exports = { caCertificate: authority.certificatePem, published: rollout.published };
