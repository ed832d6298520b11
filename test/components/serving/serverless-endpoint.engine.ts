import assert from "node:assert";
import { projectRoot } from "../../../toolchain/paths";
import { withWorkspace } from "../../support/engine";
import { withRecordingAws } from "../../support/recording-aws";

const program = (more = "") => `
  require("tsx/cjs");
  const { ModelRepository, ServerlessEndpoint } = require(${JSON.stringify(`${projectRoot}/components`)});
  const digest = "sha256:" + "a".repeat(64);
  const models = [{ name: "ocr", version: "4", sha256: "b".repeat(64) }];
  const repository = new ModelRepository("models", { kind: "s3", clusterName: "serving", models });
  const endpoint = new ServerlessEndpoint("ocr", {
    image: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/slipway/runtime@" + digest,
    repository,
    models,
    auth: { type: "jwt", issuer: "https://login.example.com", audiences: ["slipway"] },
    provisionedConcurrency: 1,
    ${more}
  });
  exports.url = endpoint.endpoint;
  exports.resource = endpoint.invokeResource;
`;

describe("a ServerlessEndpoint under the engine", function () {
  this.timeout(180_000);

  it("is previewed whole, offline and without an account", async () => {
    await withWorkspace(program(), async (workspace) => {
      const preview = await workspace.preview();
      assert.strictEqual(preview.code, 0, preview.stdout + preview.stderr);
      const types = preview.steps.map(({ type }) => type);
      for (const type of [
        "aws:lambda/function:Function",
        "aws:lambda/alias:Alias",
        "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig",
        "aws:apigatewayv2/api:Api",
        "aws:apigatewayv2/authorizer:Authorizer",
        "aws:apigatewayv2/stage:Stage",
      ]) {
        assert.ok(types.includes(type), `${type} in ${types.join(", ")}`);
      }
      assert.ok(!types.some((type) => /functionUrl/i.test(type)));
      for (const { type, urn } of preview.steps) {
        if (type.startsWith("aws:")) assert.match(urn, /slipway:index:/, urn);
      }
    });
  });

  it("is previewed with an image that is built for it, and refused with one that is not", async () => {
    const composed = (more: string) => `
      require("tsx/cjs");
      const { RuntimeImage, ServerlessEndpoint } = require(${JSON.stringify(`${projectRoot}/components`)});
      const digest = "sha256:" + "a".repeat(64);
      const image = new RuntimeImage("lambda", {
        context: ${JSON.stringify(projectRoot)}, nodeImage: "node@" + digest, baseImage: "base@" + digest, ${more}
      });
      new ServerlessEndpoint("ocr", { image, auth: { type: "iam" } });
    `;
    await withWorkspace(composed("attestations: false,"), async (workspace) => {
      const preview = await workspace.preview();
      assert.strictEqual(preview.code, 0, preview.stdout + preview.stderr);
      const types = preview.steps.map(({ type }) => type);
      for (const type of ["command:local:Command", "aws:lambda/function:Function"])
        assert.ok(types.includes(type), `${type} in ${types.join(", ")}`);

      await workspace.writeProgram(composed(""));
      const refused = await workspace.preview();
      assert.notStrictEqual(refused.code, 0);
      assert.match(
        refused.stdout + refused.stderr,
        /ServerlessEndpoint "ocr": `image`: is a list of manifests, which Lambda does not take: /,
      );
    });
  });

  it("refuses what cannot be before anything is planned", async () => {
    await withWorkspace(program('auth: { type: "none" }, timeout: 901,'), async (workspace) => {
      const preview = await workspace.preview();
      assert.notStrictEqual(preview.code, 0);
      assert.match(
        preview.stdout + preview.stderr,
        /ServerlessEndpoint "ocr": `auth\.type`: "none" must be "iam" or "jwt": every route asks who calls; `timeout`: 901 must be/,
      );
    });
  });

  it("changes memory in place and settles: a second preview shows no diff", async () => {
    await withRecordingAws((env) =>
      withWorkspace(
        program(),
        async (workspace) => {
          const up = await workspace.up();
          assert.strictEqual(up.code, 0, up.stdout + up.stderr);
          const again = await workspace.preview();
          assert.deepStrictEqual(Object.keys(again.changes), ["same"], again.stdout);

          await workspace.writeProgram(program("memoryMiB: 4096, requestsPerSecond: 5,"));
          const changed = (await workspace.preview()).steps.filter(({ op }) => op !== "same");
          assert.deepStrictEqual(changed.map(({ op, name, diffs }) => [op, name, diffs]).sort(), [
            ["update", "ocr-function", ["memorySize"]],
            ["update", "ocr-stage", ["defaultRouteSettings"]],
          ]);
        },
        { env },
      ),
    );
  });
});
