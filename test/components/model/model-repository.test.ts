import assert from "node:assert";
import { ModelRepository, type ModelRepositoryArgs } from "../../../components";
import { declare } from "../support/declared";
import { DIGEST, model } from "../support/examples";

async function repository(args: ModelRepositoryArgs): Promise<ModelRepository> {
  let made!: ModelRepository;
  await declare(() => {
    made = new ModelRepository("models", args);
  });
  return made;
}

describe("ModelRepository", () => {
  it("opens exactly the registry where it is an address", async () => {
    const models = [model("a"), model("b"), model("c", "1", "10.0.0.9")];
    assert.deepEqual((await repository({ models })).access(models).registries, [
      { cidr: "10.213.77.2/32", except: [], port: 5000 },
      { cidr: "10.0.0.9/32", except: [], port: 443 },
    ]);
  });

  it("speaks without TLS only to the registries that are listed", async () => {
    const models = [model("a")];
    const { env } = (await repository({ models, insecureRegistries: ["10.0.0.1:5000", "r.local"] })).access(
      models,
    );
    assert.deepEqual(env, [{ name: "SLIPWAY_INSECURE_REGISTRIES", value: "10.0.0.1:5000,r.local" }]);
    assert.deepEqual((await repository({ models })).access(models).env, []);
  });

  it("opens the given ranges where the registry is a name, else all but link-local ones", async () => {
    const models = [model("a", "1", "registry.example.com:8443")];
    const narrow = await repository({ models, registryCidrs: ["10.0.0.0/8"] });
    assert.deepEqual(narrow.access(models).registries, [{ cidr: "10.0.0.0/8", except: [], port: 8443 }]);
    const wide = await repository({ models });
    assert.deepEqual(wide.access(models).registries, [
      { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"], port: 8443 },
    ]);
  });

  it("opens a web server's port for a model that lies there", async () => {
    const models = [
      { ...model("a"), source: "https://models.example.com/ocr/4/model.onnx" },
      { ...model("b"), source: "https://10.0.0.9:8443/b.tar.gz" },
    ];
    const access = (await repository({ models })).access(models);
    assert.deepEqual(access.registries, [
      { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"], port: 443 },
      { cidr: "10.0.0.9/32", except: [], port: 8443 },
    ]);
    assert.equal(access.sourceOf(models[0]!), "https://models.example.com/ocr/4/model.onnx");
  });

  it("refuses a kind that there is not", async () => {
    await declare(() =>
      assert.throws(
        () => new ModelRepository("models", { kind: "nfs", models: [] } as unknown as ModelRepositoryArgs),
        { message: 'ModelRepository "models": `kind`: "nfs" must be "oci", "s3" or "pvc"' },
      ),
    );
  });

  const wrong: [string, Partial<ReturnType<typeof model>>, string][] = [
    ["a name with a slash", { name: "a/b" }, '`models[0].name`: "a/b" must be 1 to 63 letters'],
    ["version 0", { version: "0" }, '`models[0].version`: "0" must be a positive whole number, as in "1"'],
    [
      "a source without a digest",
      { source: "oci://r/a:1" },
      '`models[0].source`: "oci://r/a:1" must be oci://HOST',
    ],
    [
      "no source",
      { source: undefined },
      "`models[0].source`: must be given: oci://HOST[:PORT]/REPOSITORY@sha256:<64 hex digits>, or https://HOST[:PORT]/PATH",
    ],
    [
      "an address that holds a signature",
      { source: "https://host/m.onnx?sig=x" },
      '`models[0].source`: "https://host/m.onnx?sig=x" must be https://HOST[:PORT]/PATH of a .onnx, .tar, .tar.gz or .tgz, without password, query or fragment',
    ],
    [
      "an address without TLS",
      { source: "http://host/m.onnx" },
      '`models[0].source`: "http://host/m.onnx" must be oci://HOST[:PORT]/REPOSITORY@sha256:<64 hex digits>, or https://HOST[:PORT]/PATH',
    ],
    ["a digest that is none", { sha256: DIGEST }, `\`models[0].sha256\`: "${DIGEST}" must be 64 hex digits`],
  ];
  for (const [what, change, message] of wrong) {
    it(`refuses ${what}`, async () => {
      await declare(() =>
        assert.throws(
          () => new ModelRepository("models", { models: [{ ...model("a"), ...change }] }),
          (error: Error) => error.message.startsWith(`ModelRepository "models": ${message}`),
        ),
      );
    });
  }

  it("refuses a version that is there twice", async () => {
    await declare(() =>
      assert.throws(() => new ModelRepository("models", { models: [model("a"), model("a")] }), {
        message: 'ModelRepository "models": `models[1]`: model "a" version "1" is also models[0]',
      }),
    );
  });
});
