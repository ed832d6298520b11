import assert from "node:assert/strict";
import { projectRoot } from "../../toolchain/paths";
import { withWorkspace } from "../support/engine";

const LOADER = `require(${JSON.stringify(`${projectRoot}/stacks/loader.js`)});`;
const RESOURCES = 12;
/** What the loader spares a program is what the SDK does where nobody else spares it. */
const wholeSdk = true;

describe("the loader of the stacks", function () {
  this.timeout(60_000);

  it("loads neither a compiler nor npm for a program that serializes nothing", async () => {
    const program = `${LOADER}
      const loaded = (part) => Object.keys(require.cache).filter((file) => file.includes(part)).length;
      module.exports = { compiler: loaded("/typescript/lib/"), npm: loaded("/@npmcli/arborist/lib/") };`;
    await withWorkspace(
      program,
      async (workspace) => {
        assert.equal((await workspace.up()).code, 0);
        // The stand-in takes the place of npm's entry.
        assert.deepEqual(await workspace.outputs(), { compiler: 0, npm: 1 });
      },
      { wholeSdk },
    );
  });

  it("has them for one that does", async () => {
    const program = `${LOADER}
      const { runtime } = require("@pulumi/pulumi");
      const base = 40;
      module.exports = {
        text: runtime.serializeFunction(() => base + 2).then(({ text }) => text),
        resolver: require("module").createRequire(require.resolve("@pulumi/pulumi"))("@npmcli/arborist").Arborist.name,
      };`;
    await withWorkspace(
      program,
      async (workspace) => {
        const up = await workspace.up();
        assert.equal(up.code, 0, up.stdout + up.stderr);
        const { text, resolver } = await workspace.outputs();
        assert.match(String(text), /base \+ 2/);
        assert.equal(resolver, "Arborist");
      },
      { wholeSdk },
    );
  });

  it("passes on every debug message of the SDK, in few parcels", async () => {
    const program = `${LOADER}
      const { ComponentResource, log } = require("@pulumi/pulumi");
      for (let i = 0; i < ${RESOURCES}; i++) new ComponentResource("test:index:Part", "part-" + i);
      void log.debug("a program's own", new ComponentResource("test:index:Part", "last"));`;
    await withWorkspace(program, async (workspace) => {
      const { code, stdout } = await workspace.preview("--debug");
      assert.equal(code, 0);
      // All of them once more, by resource.
      const told = stdout.slice(stdout.indexOf("Diagnostics:"));
      for (let i = 0; i < RESOURCES; i++) {
        assert.match(told, new RegExp(`Registering resource: t=test:index:Part, name=part-${i},`));
        assert.match(told, new RegExp(`RegisterResource RPC finished: resource:part-${i}\\[`));
      }
      assert.match(told, /debug: a program's own/);
      const parcels = told.match(/debug: /g)!.length;
      assert.ok(parcels < 2 * RESOURCES, `${parcels} parcels`);
    });
  });

  it("shows where in the sources an error was thrown", async () => {
    const files = {
      "program.ts":
        "interface Wanted { readonly host: string }\n\nexport function fail(wanted: Wanted): never {\n  throw new Error(`no ${wanted.host}`);\n}\n",
    };
    const program = `${LOADER} require("./program.ts").fail({ host: "here" });`;
    await withWorkspace(
      program,
      async (workspace) => {
        const { code, diagnostics } = await workspace.preview();
        assert.notEqual(code, 0);
        const text = diagnostics.map(({ message }) => message).join("\n");
        assert.match(text, /no here/);
        assert.match(text, /program\.ts:4:9/);
      },
      { files },
    );
  });

  it("keeps in the state where in the sources a resource is declared, and what led there", async () => {
    const files = {
      "part.ts": [
        'import { ComponentResource } from "@pulumi/pulumi";',
        "interface Named { readonly name: string }",
        "class Part extends ComponentResource {",
        '  constructor({ name }: Named) { super("test:index:Part", name); }',
        "}",
        "export function declare(named: Named): void {",
        "  new Part(named);",
        "}",
      ].join("\n"),
    };
    const program = `${LOADER}\nrequire("./part.ts").declare({ name: "one" });`;
    await withWorkspace(
      program,
      async (workspace) => {
        const { code, stdout, stderr } = await workspace.up();
        assert.equal(code, 0, stdout + stderr);
        const { checkpoint } = JSON.parse(await workspace.stateText()) as {
          checkpoint: { latest: { resources: Record<string, unknown>[] } };
        };
        const part = checkpoint.latest.resources.find(({ type }) => type === "test:index:Part")!;
        assert.equal(part["sourcePosition"], "project:///part.ts#7,3");
        assert.match(JSON.stringify(part["stackTrace"]), /project:\/\/\/index\.js#2,22/);
      },
      { files },
    );
  });
});
