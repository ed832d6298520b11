import assert from "node:assert";
import { projectRoot } from "../../../toolchain/paths";
import { awsProvider } from "../../../toolchain/plugins/aws/provider";
import { commandProvider } from "../../../toolchain/plugins/command/provider";
import { startProvider } from "../../../toolchain/plugins/shared";
import { Recorder } from "../../../toolchain/plugins/shared/preview-only/recorder";
import { SdkTypes } from "../../../toolchain/plugins/shared/preview-only/sdk-types";
import { withWorkspace } from "../../support/engine";

const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;

const program = (args: string): string => `
  require("tsx/cjs");
  const pulumi = require("@pulumi/pulumi");
  const { RuntimeImage } = require(${JSON.stringify(`${projectRoot}/components`)});
  const checkout = {
    context: ${JSON.stringify(projectRoot)},
    nodeImage: "docker.io/library/node@${digest("1")}",
    baseImage: "gcr.io/distroless/cc-debian12@${digest("2")}",
  };
  const image = new RuntimeImage("runtime", ${args});
  exports.reference = image.reference;
`;

describe("RuntimeImage under the engine", function () {
  this.timeout(180_000);

  it("is previewed with its repository, offline, without Docker and without an account", async () => {
    await withWorkspace(
      program('{ ...checkout, platforms: ["linux/amd64", "linux/arm64"] }'),
      async (workspace) => {
        const preview = await workspace.preview();
        assert.strictEqual(preview.code, 0, preview.stdout + preview.stderr);
        assert.deepStrictEqual(preview.steps.map(({ op, type }) => `${op} ${type}`).sort(), [
          "create aws:ecr/lifecyclePolicy:LifecyclePolicy",
          "create aws:ecr/repository:Repository",
          "create aws:kms/key:Key",
          "create command:local:Command",
          "create slipway:index:RuntimeImage",
        ]);
        assert.match(preview.stdout, /reference: \[unknown\]/);
      },
    );
  });

  it("is itself where it exists, and refused without a digest once it is known", async () => {
    const known = `{ existing: "registry.example.com/runtime@${digest("a")}" }`;
    await withWorkspace(program(known), async (workspace) => {
      const preview = await workspace.preview();
      assert.strictEqual(preview.code, 0, preview.stdout + preview.stderr);
      assert.match(preview.stdout, /reference: "registry\.example\.com\/runtime@sha256:a{64}"/);

      await workspace.writeProgram(program('{ existing: pulumi.output("registry.example.com/runtime:1") }'));
      const refused = await workspace.preview();
      assert.notStrictEqual(refused.code, 0);
      const problem =
        'RuntimeImage "runtime": `existing`: "registry.example.com/runtime:1" must end in a digest (@sha256:<64 hex digits>): a tag can be moved';
      assert.ok((refused.stdout + refused.stderr).includes(problem), refused.stdout + refused.stderr);
    });
  });

  it("stays as it is while its content does, whatever the login, and is built anew when that changes", async () => {
    const find = (name: string): SdkTypes => SdkTypes.find(name, projectRoot);
    const aws = await startProvider(
      awsProvider({ version: "7.48.0", types: find("@pulumi/aws"), recorder: new Recorder() }),
    );
    const command = await startProvider(
      commandProvider({ version: "1.2.1", types: find("@pulumi/command"), recorder: new Recorder() }),
    );
    const env = { PULUMI_DEBUG_PROVIDERS: `aws:${aws.port},command:${command.port}` };
    const login = (password: string): string =>
      `logins: [{ host: "mirror.example.com", username: "u", password: "${password}" }]`;
    try {
      await withWorkspace(
        program(`{ ...checkout, ${login("first-password")} }`),
        async (workspace) => {
          const up = await workspace.up();
          assert.strictEqual(up.code, 0, up.stdout + up.stderr);
          assert.doesNotMatch(await workspace.stateText(), /first-password|known-only-to-aws/);

          await workspace.writeProgram(
            program(`{ ...checkout, builder: "farm", ${login("second-password")} }`),
          );
          const again = await workspace.preview();
          assert.deepStrictEqual(Object.keys(again.changes), ["same"], again.stdout);

          await workspace.writeProgram(program('{ ...checkout, variant: "cuda" }'));
          const changed = (await workspace.preview()).steps.filter(({ op }) => op !== "same");
          assert.deepStrictEqual(
            changed.map(({ op, type }) => [op, type]),
            [
              ["update", "aws:ecr/lifecyclePolicy:LifecyclePolicy"],
              ["create", "command:local:Command"],
              ["delete", "command:local:Command"],
            ],
          );
        },
        { env },
      );
    } finally {
      await Promise.all([aws.close(), command.close()]);
    }
  });
});
