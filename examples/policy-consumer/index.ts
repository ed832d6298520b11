import { Deployment } from "@pulumi/kubernetes/apps/v1";
import { Service } from "@pulumi/kubernetes/core/v1";

// As many tutorials have it, with what the pack is there to find.
const labels = { app: "sentiment" };

new Deployment("sentiment", {
  metadata: { name: "sentiment", namespace: "research" },
  spec: {
    replicas: 1,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: { containers: [{ name: "server", image: "registry.example.com/sentiment:latest" }] },
    },
  },
});

new Service("sentiment", {
  metadata: { name: "sentiment", namespace: "research" },
  spec: { type: "NodePort", selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
});
