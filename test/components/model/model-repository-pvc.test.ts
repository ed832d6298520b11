import assert from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { ModelRepository, ServingStack, type PvcRepositoryArgs } from "../../../components";
import { declare, type Declaration } from "../support/declared";
import { stackArgs } from "../support/examples";
import { OCR, valueOf } from "../support/repositories";

const CLAIM = { namespace: "slipway", size: "50Gi" };

async function made(
  args: Omit<PvcRepositoryArgs, "kind" | "models">,
): Promise<[ModelRepository, Declaration]> {
  let repository!: ModelRepository;
  const declaration = await declare(() => {
    repository = new ModelRepository("models", { kind: "pvc", models: [OCR], ...args });
  });
  return [repository, declaration];
}

describe("ModelRepository in a volume", () => {
  it("makes a claim that many nodes can mount, and waits for nobody to bind it", async () => {
    const [repository, declaration] = await made({ claim: CLAIM });
    const { metadata, spec } = declaration.object("PersistentVolumeClaim", "models");
    assert.deepEqual(metadata, {
      name: "models",
      namespace: "slipway",
      labels: { "app.kubernetes.io/part-of": "slipway" },
      annotations: { "pulumi.com/skipAwait": "true" },
    });
    assert.deepEqual(spec, {
      accessModes: ["ReadWriteMany"],
      resources: { requests: { storage: "50Gi" } },
    });
    assert.equal(await valueOf(repository.claimName!), "models");
  });

  it("takes a volume that was made by hand", async () => {
    const claim = { ...CLAIM, storageClass: "", volumeName: "nfs", accessMode: "ReadOnlyMany" } as const;
    const [, declaration] = await made({ claim });
    assert.deepEqual(declaration.object("PersistentVolumeClaim", "models").spec, {
      accessModes: ["ReadOnlyMany"],
      resources: { requests: { storage: "50Gi" } },
      storageClassName: "",
      volumeName: "nfs",
    });
  });

  it("makes nothing for an existing claim, and needs no flow and no grant to read it", async () => {
    const [repository, declaration] = await made({ claimName: "share", prefix: "live" });
    assert.deepEqual(declaration.types(), ["slipway:index:ModelRepository"]);
    const { registries, env, claim, grant } = repository.access([OCR]);
    assert.deepEqual([registries, env, grant], [[], [], undefined]);
    assert.equal(claim!.mountPath, "/repository");
    assert.equal(await valueOf(claim!.claimName), "share");
  });

  it("copies a model from its path below the prefix", async () => {
    const [repository] = await made({ claimName: "share", prefix: "live" });
    const { sourceOf } = repository.access([OCR]);
    assert.equal(sourceOf(OCR), "file:///repository/live/ocr/4/model.onnx");
    assert.equal(sourceOf({ ...OCR, source: "v4.tar.gz" }), "file:///repository/live/v4.tar.gz");
    const [top] = await made({ claimName: "share" });
    assert.equal(top.access([OCR]).sourceOf(OCR), "file:///repository/ocr/4/model.onnx");
  });

  it("has the pods of its own namespace wait for its claim", async () => {
    const [repository] = await made({ claim: CLAIM });
    const resource = repository.access([OCR]).grant!(
      "text-models",
      { namespace: pulumi.output("slipway"), name: "text" },
      {},
    );
    assert.match(await valueOf(resource.urn), /PersistentVolumeClaim::models-claim$/);
  });

  it("refuses a service of another namespace, which cannot mount it", async () => {
    const [repository] = await made({ claim: CLAIM });
    assert.throws(
      () => repository.access([OCR]).grant!("text-models", { namespace: "other", name: "text" }, {}),
      {
        message:
          'ModelRepository "models": `claim.namespace`: the claim is in "slipway", but a service in "other": pods mount claims of their own namespace only',
      },
    );
  });

  it("is mounted read-only by the pods of a stack's services, which speak to no registry", async () => {
    const [service] = stackArgs().services;
    const models = service!.models!.map((model) => ({ ...model, source: undefined }));
    const repository = { kind: "pvc", claimName: "share" } as const;
    const declaration = await declare(
      () =>
        void new ServingStack("slipway", {
          ...stackArgs(),
          repository,
          services: [{ ...service!, models }],
        }),
    );
    const { spec } = declaration.object("Deployment", "text").spec.template;
    assert.deepEqual(
      spec.volumes.filter(({ name }: { name: string }) => name === "repository"),
      [{ name: "repository", persistentVolumeClaim: { claimName: "share", readOnly: true } }],
    );
    const [pull] = spec.initContainers;
    assert.equal(pull.args.at(-1), "file:///repository/pp-ocrv4-rec/4/model.onnx");
    assert.deepEqual(pull.volumeMounts.at(-1), {
      name: "repository",
      mountPath: "/repository",
      readOnly: true,
    });
    // DNS alone.
    assert.equal(declaration.object("NetworkPolicy", "text").spec.egress.length, 1);
  });

  const wrong: [string, Partial<PvcRepositoryArgs>, string][] = [
    ["neither claim", {}, "`claimName`: either this or `claim` must be given, and not both"],
    [
      "both claims",
      { claimName: "share", claim: CLAIM },
      "`claimName`: either this or `claim` must be given, and not both",
    ],
    [
      "a claim's name that is none",
      { claimName: "Share" },
      '`claimName`: "Share" must be the name of a claim: lower-case letters, digits, "-" and "."',
    ],
    [
      "an address as source",
      { claimName: "share", models: [{ ...OCR, source: "file:///etc/passwd" }] },
      '`models[0].source`: "file:///etc/passwd" must be a path of letters, digits, "_", ".", "@", "+" and "-" between "/"',
    ],
    [
      "a claim that no cluster makes",
      {
        claim: {
          namespace: "Slipway",
          size: "50 GB",
          accessMode: "ReadWriteOnce" as "ReadWriteMany",
          storageClass: "",
        },
        prefix: "/live",
      },
      '`prefix`: "/live" must be a path of letters, digits, "_", ".", "@", "+" and "-" between "/", without one at its ends; ' +
        '`claim.namespace`: "Slipway" must be a DNS label; ' +
        '`claim.size`: "50 GB" must be a size, as in "50Gi"; ' +
        '`claim.accessMode`: "ReadWriteOnce" must be "ReadWriteMany" or "ReadOnlyMany": pods on several nodes read the volume; ' +
        '`claim.volumeName`: must be given where `storageClass` is "": nothing else provides a volume',
    ],
  ];
  for (const [what, changes, message] of wrong) {
    it(`refuses ${what}`, () =>
      declare(() =>
        assert.throws(() => new ModelRepository("models", { kind: "pvc", models: [OCR], ...changes }), {
          message: `ModelRepository "models": ${message}`,
        }),
      ));
  }
});
