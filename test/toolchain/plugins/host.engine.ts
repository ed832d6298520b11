import assert from "node:assert";
import { withWorkspace } from "../../support/engine";

describe("language host under the engine", function () {
  this.timeout(120_000);

  it("gives a program its configuration, stack and output", async () => {
    const program = `
      const pulumi = require("@pulumi/pulumi");
      const config = new pulumi.Config();
      console.log("to stdout");
      console.error("to stderr");
      exports.greeting = config.require("greeting");
      exports.list = config.requireObject("list");
      exports.where = [pulumi.getProject(), pulumi.getStack(), pulumi.getOrganization()].join("/");
    `;
    const config = { "test:greeting": "hi", "test:list": [1, 2] };
    await withWorkspace(
      program,
      async (workspace) => {
        const up = await workspace.up();
        assert.strictEqual(up.code, 0, up.stdout + up.stderr);
        const lines = up.diagnostics.map(({ severity, message }) => `${severity}: ${message.trim()}`);
        assert.deepStrictEqual(lines.sort(), ["info#err: to stderr", "info: to stdout"]);
        assert.deepStrictEqual(await workspace.outputs(), {
          greeting: "hi",
          list: [1, 2],
          where: "test/dev/organization",
        });
      },
      { config },
    );
  });

  it("runs TypeScript through the program's own loader", async () => {
    const files = { "program.ts": "export const answer: number = 42;\n" };
    const program = 'require("tsx/cjs"); module.exports = require("./program.ts");';
    await withWorkspace(
      program,
      async (workspace) => {
        assert.strictEqual((await workspace.up()).code, 0);
        assert.deepStrictEqual(await workspace.outputs(), { answer: 42 });
      },
      { files },
    );
  });

  it("reports a program's error once, without a second complaint about its exit status", async () => {
    await withWorkspace(
      'throw new Error("The config key slipway:host is missing.");',
      async (workspace) => {
        const preview = await workspace.preview();
        assert.notStrictEqual(preview.code, 0);
        const errors = preview.diagnostics.filter(({ severity }) => severity === "error");
        assert.strictEqual(errors.length, 1);
        assert.match(errors[0]?.message ?? "", /The config key slipway:host is missing\./);
        assert.doesNotMatch(preview.stdout, /exit code/);
        // Not a minute, which is what Node's coloured inspection of such an error takes.
        assert.ok(preview.elapsedMs < 20_000, `${preview.elapsedMs} ms`);
      },
      { wholeSdk: true },
    );
  });

  it("reports a program that ends early", async () => {
    await withWorkspace("process.exit(3);", async (workspace) => {
      const preview = await workspace.preview();
      assert.notStrictEqual(preview.code, 0);
      assert.match(preview.stdout + preview.stderr, /Program exited with non-zero exit code: 3/);
    });
  });

  it("runs dynamic resources", async () => {
    const program = `
      const pulumi = require("@pulumi/pulumi");
      const provider = { create: async (inputs) => ({ id: "made", outs: { doubled: inputs.number * 2 } }) };
      class Doubled extends pulumi.dynamic.Resource {
        constructor(name, number) { super(provider, name, { number, doubled: undefined }); }
      }
      exports.doubled = new Doubled("one", 21).doubled;
    `;
    await withWorkspace(
      program,
      async (workspace) => {
        const up = await workspace.up();
        assert.strictEqual(up.code, 0, up.stdout + up.stderr);
        assert.deepStrictEqual(await workspace.outputs(), { doubled: 42 });
      },
      { wholeSdk: true },
    );
  });

  it("describes itself", async () => {
    await withWorkspace("", async (workspace) => {
      const { stdout, stderr } = await workspace.pulumi("about", "--stack", "dev");
      assert.match(stdout, /written in nodejs: executable='.*node' version='v\d+/);
      assert.doesNotMatch(stderr, /warning/);
    });
  });
});
