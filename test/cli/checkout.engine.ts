import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assertCheckout } from "../../cli/checkout";
import { projectRoot } from "../../toolchain/paths";

const root = "/home/ana/shop/node_modules/@slipway/slipway";
const message =
  `profiles are those of a checkout of Slipway, and ${root} is the installed package; \`pulumi\` itself previews and ` +
  "updates a stack of your own (docs/own-stack.md)";

describe("assertCheckout", () => {
  it("refuses the installed package, and takes a checkout", () => {
    assert.throws(() => assertCheckout(root), { message });
    assertCheckout("/home/ana/slipway");
    assertCheckout("/home/ana/node_modules-of-mine/slipway");
    assertCheckout();
  });

  describe("in a project that depends on the package", () => {
    const folder = mkdtempSync(join(tmpdir(), "slipway-dependent-"));
    after(() => rmSync(folder, { recursive: true }));
    const bin = join(folder, "node_modules/@slipway/slipway/cli/bin.js");

    before(() => {
      mkdirSync(join(folder, "node_modules/@slipway"), { recursive: true });
      symlinkSync(projectRoot, join(folder, "node_modules/@slipway/slipway"));
    });

    // Links are kept as they are, so that the checkout lies where an installed package would.
    const slipway = (...args: string[]) =>
      spawnSync(process.execPath, ["--preserve-symlinks", "--preserve-symlinks-main", bin, ...args], {
        encoding: "utf8",
        cwd: folder,
        env: { ...process.env, SLIPWAY_STATE_DIR: join(folder, "state"), NO_COLOR: "1" },
      });

    for (const args of [
      ["preview", "onprem", "--offline"],
      ["render", "onprem", "--out", "rendered"],
      ["audit", "onprem"],
      ["status"],
      ["rollback", "text", "--profile", "onprem"],
    ])
      it(`refuses: slipway ${args.join(" ")}`, () => {
        const { status, stderr } = slipway(...args);
        assert.equal(
          stderr,
          `error: ${message.replace(root, join(folder, "node_modules/@slipway/slipway"))}\n`,
        );
        assert.equal(status, 1);
      });

    it("audits a file all the same", () => {
      const { stderr } = slipway("audit", "onprem", "--state", "none.json");
      assert.match(stderr, /none\.json/);
      assert.doesNotMatch(stderr, /checkout/);
    });
  });
});
