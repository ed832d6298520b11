import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  lstatSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OutputFile } from "../../cli/output-file";

describe("OutputFile", () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), "slipway-output-"))));
  afterEach(() => rmSync(dir, { recursive: true }));

  const at = (name: string) => join(dir, name);

  it("leaves nothing before it is written, and one whole file afterwards", () => {
    const file = new OutputFile("--json", at("plan.json"));
    assert.deepEqual(readdirSync(dir), []);
    file.write("new");
    assert.deepEqual(readdirSync(dir), ["plan.json"]);
    assert.equal(readFileSync(at("plan.json"), "utf8"), "new");
  });

  it("keeps the old file until the new one is whole", () => {
    writeFileSync(at("plan.json"), "old");
    const file = new OutputFile("--json", at("plan.json"));
    assert.equal(readFileSync(at("plan.json"), "utf8"), "old");
    file.write("new");
    assert.equal(readFileSync(at("plan.json"), "utf8"), "new");
  });

  it("replaces what a link leads to, not the link", () => {
    writeFileSync(at("real"), "old");
    symlinkSync(at("real"), at("link"));
    new OutputFile("--json", at("link")).write("new");
    assert.equal(readFileSync(at("real"), "utf8"), "new");
    assert.ok(lstatSync(at("link")).isSymbolicLink());
  });

  it("writes to a device as it is", () => {
    new OutputFile("--json", "/dev/null").write("new");
    assert.ok(lstatSync("/dev/null").isCharacterDevice());
  });

  it("refuses beforehand a file in a folder that is not there", () => {
    assert.throws(() => new OutputFile("--json", at("no/plan.json")), {
      message: `cannot write \`--json\` ${at("no/plan.json")}: there is no folder ${at("no")}`,
    });
  });

  it("refuses a folder", () => {
    mkdirSync(at("plan"));
    assert.throws(() => new OutputFile("--markdown", at("plan")), {
      message: `cannot write \`--markdown\` ${at("plan")}: it is a folder; name a file in it`,
    });
  });

  it("refuses a folder that takes no files", () => {
    assert.throws(
      () => new OutputFile("--json", "/proc/plan.json"),
      /^SlipwayError: cannot write `--json` \/proc\/plan\.json: ENOENT/,
    );
  });
});
