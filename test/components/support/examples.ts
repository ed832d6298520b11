import type { ModelReference, ServingStackArgs } from "../../../components";

export const DIGEST = `sha256:${"a".repeat(64)}`;
export const IMAGE = `10.213.77.2:5000/slipway/runtime@${DIGEST}`;

export function model(name: string, version = "1", registry = "10.213.77.2:5000"): ModelReference {
  return { name, version, source: `oci://${registry}/models/${name}@${DIGEST}`, sha256: "b".repeat(64) };
}

/** Two services, as the local profile has them. */
export function stackArgs(): ServingStackArgs {
  return {
    runtimeImage: IMAGE,
    tokenIssuer: "https://slipway.local",
    repository: { insecureRegistries: ["10.213.77.2:5000"] },
    gateway: {
      serviceType: "NodePort",
      nodePort: 30443,
      replicas: 1,
      image: `10.213.77.2:5000/envoy@${DIGEST}`,
    },
    monitoring: {
      nodePort: 30909,
      readerCidrs: ["10.213.77.0/24"],
      version: "2.42.0",
      configReloaderImage: `r.example/reloader@${DIGEST}`,
    },
    services: [
      { name: "text", models: [model("pp-ocrv4-rec", "4")], replicas: 2, maxReplicas: 3 },
      { name: "voice", models: [model("silero-vad", "5")], replicas: 1, maxReplicas: 1 },
    ],
  };
}
