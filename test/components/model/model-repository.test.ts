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

  const wrong: [string, Partial<ReturnType<typeof model>>, string][] = [
    ["a name with a slash", { name: "a/b" }, '`models[0].name`: "a/b" must be 1 to 63 letters'],
    ["version 0", { version: "0" }, '`models[0].version`: "0" must be a positive whole number, as in "1"'],
    [
      "a source without a digest",
      { source: "oci://r/a:1" },
      '`models[0].source`: "oci://r/a:1" must be oci://HOST',
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
