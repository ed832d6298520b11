import assert from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { PROFILES, runProfile } from "../../stacks/profiles";
import { declare } from "../components/support/declared";
import { DIGEST, IMAGE, model } from "../components/support/examples";

interface Models {
  models: { name: string; version: string }[];
}
interface Service extends Models {
  rollout?: { slots: Record<string, Models> };
}

/** A profile's committed configuration, completed as its users complete it. */
function completed(profile: string): Record<string, string> {
  const file = join(__dirname, "../..", `Pulumi.${profile}.yaml`);
  const { config } = parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> };
  const withFiles = <T extends Models>(owner: T): T => ({
    ...owner,
    // A bucket has a place for each model.
    models: owner.models.map(({ name, version }) => ({
      ...model(name, version),
      ...(config["slipway:modelBucket"] === undefined ? {} : { source: undefined }),
    })),
  });
  const services = (config["slipway:services"] as Service[]).map((service) => {
    if (!service.rollout) return withFiles(service);
    const slots = Object.entries(service.rollout.slots).map(([slot, content]) => [slot, withFiles(content)]);
    return { ...service, rollout: { ...service.rollout, slots: Object.fromEntries(slots) } };
  });
  const values: Record<string, unknown> = {
    ...config,
    "slipway:services": services,
    "slipway:runtimeImage": IMAGE,
    "slipway:host": "models.example.com",
    "slipway:envoyImage": `r.example/envoy@${DIGEST}`,
  };
  const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, text(value)]));
}

const hasRollout = (profile: string): boolean =>
  (JSON.parse(completed(profile)["slipway:services"]!) as Service[]).some(
    ({ rollout }) => rollout !== undefined,
  );

async function run(profile: string, config: Record<string, string>): Promise<Record<string, unknown>> {
  let outputs: Record<string, unknown> = {};
  await declare(() => {
    pulumi.runtime.setAllConfig(config);
    outputs = runProfile(profile);
  });
  return outputs;
}

describe("profiles", () => {
  afterEach(() => pulumi.runtime.setAllConfig({}));

  for (const profile of Object.keys(PROFILES)) {
    it(`${profile} is accepted as it is committed, once its images and models are given`, async () => {
      const outputs = await run(profile, completed(profile));
      assert.deepEqual(Object.keys(outputs), [
        "endpoint",
        "caCertificate",
        "tokenIssuer",
        "tokenAudience",
        "tokenKeyId",
        "tokenSigningKey",
        "services",
        "models",
        ...(hasRollout(profile) ? ["rollouts", "recordSigningKey", "recordPublicKey"] : []),
        "platform",
        "prometheus",
        "alertmanager",
        ...(profile === "aws" ? ["clusterName", "kubeconfig"] : []),
      ]);
      if (profile === "aws") assert.ok(await pulumi.isSecret(outputs.kubeconfig as pulumi.Output<string>));
      assert.ok(await pulumi.isSecret(outputs.tokenSigningKey as pulumi.Output<string>));
    });
  }

  it("keep samples and silences on volumes, but not on this machine, and tell of alerts unless they are not to", async () => {
    const declaredBy = (profile: string, more: Record<string, string> = {}) =>
      declare(() => {
        pulumi.runtime.setAllConfig({ ...completed(profile), ...more });
        runProfile(profile);
      });
    const cluster = await declaredBy("onprem", { "slipway:monitoringStorageClass": "encrypted" });
    const claim = (kind: string) => cluster.object(kind, "prometheus").spec.storage.volumeClaimTemplate.spec;
    assert.deepEqual(
      ["Prometheus", "Alertmanager"].map((kind) => [
        claim(kind).resources.requests.storage,
        claim(kind).storageClassName,
      ]),
      [
        ["50Gi", "encrypted"],
        ["1Gi", "encrypted"],
      ],
    );
    const here = await declaredBy("local");
    for (const kind of ["Prometheus", "Alertmanager"])
      assert.equal(here.object(kind, "prometheus").spec.storage, undefined);
    const silent = await declaredBy("local", { "slipway:alerting": "false" });
    assert.equal(silent.kind("Alertmanager").length, 0);
  });

  it("warn of volumes that may not be encrypted where the cluster was there before", async () => {
    const warned = async (profile: string, more: Record<string, string> = {}) => {
      const { warn } = pulumi.log;
      const said: string[] = [];
      const log = pulumi.log as { warn: typeof warn };
      log.warn = async (text) => void said.push(text);
      try {
        await run(profile, { ...completed(profile), ...more });
      } finally {
        log.warn = warn;
      }
      return said.filter((text) => text.includes("encrypts"));
    };
    assert.equal((await warned("onprem")).length, 1);
    assert.deepEqual(await warned("onprem", { "slipway:monitoringStorageClass": "encrypted" }), []);
    assert.deepEqual(await warned("aws"), []);
    assert.deepEqual(await warned("local"), []);
  });

  it("name the port in the endpoint only where it is not that of HTTPS", async () => {
    assert.equal((await run("onprem", completed("onprem"))).endpoint, "https://models.example.com");
    assert.equal((await run("local", completed("local"))).endpoint, "https://models.example.com:8443");
  });

  it("listen on the port in the endpoint, unless clients come through a node's", async () => {
    const listener = async (profile: string) => {
      const declared = await declare(() => {
        pulumi.runtime.setAllConfig({ ...completed(profile), "slipway:gatewayPort": "9443" });
        runProfile(profile);
      });
      return declared.object("Gateway", "slipway").spec.listeners[0].port as number;
    };
    assert.deepEqual([await listener("onprem"), await listener("local")], [9443, 443]);
  });

  it("asks for GPUs on labelled nodes in onprem", async () => {
    const declared = await declare(() => {
      pulumi.runtime.setAllConfig(completed("onprem"));
      runProfile("onprem");
    });
    const { spec } = declared.object("Deployment", "text").spec.template;
    assert.equal(spec.containers[0].resources.limits["nvidia.com/gpu"], "1");
    assert.deepEqual(spec.nodeSelector, { "nvidia.com/gpu.present": "true" });
  });

  it("keeps the API server inside only where that is meant, in aws", async () => {
    const { "slipway:apiServerCidrs": _, ...rest } = completed("aws");
    const declared = await declare(() => {
      pulumi.runtime.setAllConfig({ ...rest, "slipway:apiServerPrivate": "true" });
      runProfile("aws");
    });
    const made = declared.resources.find(({ type }) => type === "aws:eks/cluster:Cluster")!;
    assert.equal(made.inputs.vpcConfig.endpointPublicAccess, false);
  });

  it("places pods in the pool that their service names, in aws", async () => {
    const declared = await declare(() => {
      pulumi.runtime.setAllConfig(completed("aws"));
      runProfile("aws");
    });
    const { spec } = declared.object("Deployment", "text").spec.template;
    assert.equal(spec.containers[0].resources.limits["nvidia.com/gpu.shared"], "1");
    assert.deepEqual(spec.nodeSelector, { "slipway.dev/pool": "shared-l4" });
    const other = declared.object("Deployment", "voice").spec.template.spec;
    assert.equal(other.nodeSelector, undefined);
  });

  const refused: [string, string, Record<string, string>, string | RegExp][] = [
    [
      "an unknown profile",
      "prod",
      {},
      'Unknown profile "prod": the stack\'s name must be one of aws, local, onprem.',
    ],
    ["a name that every object has", "toString", {}, /^Unknown profile "toString"/],
    ["a missing key", "local", {}, /^`slipway:runtimeImage` is missing in Pulumi\.local\.yaml/],
    [
      "a pool that there is none of",
      "onprem",
      {
        ...completed("onprem"),
        "slipway:gpuPools": JSON.stringify([{ name: "a", gpusPerNode: 2 }]),
        "slipway:services": JSON.stringify([{ name: "text", gpuPool: "b", models: [model("m")] }]),
      },
      '`slipway:services[0].gpuPool` ("b") must be the name of one of `slipway:gpuPools`: a.',
    ],
    [
      "a pool that cannot give what is asked",
      "onprem",
      {
        ...completed("onprem"),
        "slipway:gpuPools": JSON.stringify([{ name: "a", gpusPerNode: 2, maxNodes: 1 }]),
        "slipway:services": JSON.stringify([
          { name: "text", gpuPool: "a", maxReplicas: 3, models: [model("m")] },
        ]),
      },
      /`services\[0\]\.maxReplicas`: 3 nvidia\.com\/gpu asked \(3 pods of 1\), the pool allows 2/,
    ],
    [
      "an API server that this program could not reach",
      "aws",
      (({ "slipway:apiServerCidrs": _, ...rest }) => rest)(completed("aws")),
      '`slipway:apiServerCidrs` must name the addresses that this program reaches the API server from, as in ["203.0.113.7/32"]; where it has a way into the VPC, set `slipway:apiServerPrivate` to true instead.',
    ],
    [
      "an API server that is private and open",
      "aws",
      { ...completed("aws"), "slipway:apiServerPrivate": "true" },
      "`slipway:apiServerCidrs` must be left out where `slipway:apiServerPrivate` is true: they open the API server to the internet.",
    ],
    [
      "two pools of a name",
      "onprem",
      {
        ...completed("onprem"),
        "slipway:gpuPools": JSON.stringify([{ name: "a" }, { name: "a" }]),
      },
      '`slipway:gpuPools[1].name` ("a") is the name of another pool too.',
    ],
    [
      "a pool with a key that does not exist",
      "onprem",
      { ...completed("onprem"), "slipway:gpuPools": JSON.stringify([{ name: "a", gpus: 2 }]) },
      /^`slipway:gpuPools\[0\]\.gpus` does not exist; there are name, provisioner/,
    ],
    [
      "what a component refuses",
      "local",
      { ...completed("local"), "slipway:runtimeImage": "runtime:latest" },
      'ServingStack "slipway": `runtimeImage`: "runtime:latest" must end in a digest (@sha256:<64 hex digits>): a tag can be moved',
    ],
  ];
  for (const [what, profile, config, message] of refused) {
    it(`refuse ${what} in one sentence, without a stack trace`, async () => {
      await declare(() => {
        pulumi.runtime.setAllConfig(config);
        assert.throws(
          () => runProfile(profile),
          (error) => {
            assert.ok(pulumi.RunError.isInstance(error));
            if (typeof message === "string") assert.equal(error.message, message);
            else assert.match(error.message, message);
            return true;
          },
        );
      });
    });
  }
});
