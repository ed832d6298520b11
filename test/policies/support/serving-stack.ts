import { generateKeyPairSync } from "node:crypto";
import { parse } from "yaml";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ServingStack, type ServingStackArgs, type StackService } from "../../../components/serving-stack";
import type { MonitoringSettings } from "../../../components/observability/monitoring-settings";
import { referencesOf, type SlotModel } from "../../../components/traffic/rollout-settings";
import { collectFromMocks, type PlainResource } from "../../../policies/testing";
import { withoutSourceMaps } from "../../support/source-maps";

const DIGEST = "ab".repeat(32);
const image = (name: string): string => `registry.example/${name}@sha256:${DIGEST}`;

/** What the TLS provider would answer: the stack computes its JWKS from a real key. */
function tlsOutputs(type: string): Record<string, unknown> {
  if (type === "tls:index/privateKey:PrivateKey") {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const pem = privateKey.export({ type: "pkcs8", format: "pem" });
    return {
      privateKeyPem: pem,
      privateKeyPemPkcs8: pem,
      publicKeyPem: publicKey.export({ type: "spki", format: "pem" }),
    };
  }
  return {
    certPem: "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n",
    certRequestPem: "request",
  };
}

/** The settings of profile `local`, with what `up` adds: images, and the source and digest of each model. */
function localArgs(): ServingStackArgs {
  const file = readFileSync(join(__dirname, "../../../Pulumi.local.yaml"), "utf8");
  const { config } = parse(file) as { config: Record<string, unknown> };
  const withFiles = <T extends { readonly models?: readonly SlotModel[] }>(owner: T): T => ({
    ...owner,
    models: referencesOf(owner.models ?? []).map((model) => ({
      ...model,
      source: `oci://registry.example:5000/models/${model.name}@sha256:${DIGEST}`,
      sha256: DIGEST,
    })),
  });
  const services = (config["slipway:services"] as StackService[]).map((service) => {
    const { rollout } = service;
    if (!rollout) return withFiles(service);
    const { blue, green } = rollout.slots;
    const slots = { ...(blue && { blue: withFiles(blue) }), ...(green && { green: withFiles(green) }) };
    return { ...service, rollout: { ...rollout, slots } };
  });
  return {
    runtimeImage: image("runtime"),
    services,
    tokenIssuer: "https://slipway.local",
    repository: { insecureRegistries: ["10.213.77.2:5000"] },
    gateway: {
      host: "localhost",
      serviceType: "NodePort",
      nodePort: 30443,
      replicas: 1,
      image: image("envoy"),
    },
    monitoring: { image: image("prometheus"), configReloaderImage: image("reloader"), nodePort: 30909 },
  };
}

/**
 * What the pack says of resources from mocks that do not tell a resource's options: that updates leave a scaled service's number
 * of pods alone is `ignoreChanges`.
 */
export const UNSEEN_BY_MOCKS = ["autoscaler-replicas-conflict"];

/** Every resource that the local serving stack declares, collected from a run against mocks. @param monitoring what differs of it */
export async function servingStackResources(monitoring: MonitoringSettings = {}): Promise<PlainResource[]> {
  const args = localArgs();
  let resources: PlainResource[] = [];
  await withoutSourceMaps(async () => {
    resources = await collectFromMocks(
      () =>
        new ServingStack("slipway", {
          ...args,
          monitoring: { ...(args.monitoring as MonitoringSettings), ...monitoring },
        }),
      { outputs: ({ type }) => (type.startsWith("tls:") ? tlsOutputs(type) : {}) },
    );
  });
  return resources.filter(({ type }) => !type.startsWith("slipway:"));
}
