import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ReportFolder } from "../../../cli/audit/report-files";

describe("ReportFolder", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "slipway-reports-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("makes the folder, writes every file and leaves nothing else", () => {
    const path = join(folder, "a/b");
    const files = new ReportFolder(path).write({ "report.json": "{}", "report.md": "# " });
    assert.deepEqual(files, [join(path, "report.json"), join(path, "report.md")]);
    assert.deepEqual(readdirSync(path).sort(), ["report.json", "report.md"]);
    assert.equal(readFileSync(files[1]!, "utf8"), "# ");
  });

  it("replaces none of them where one cannot be written", () => {
    writeFileSync(join(folder, "report.json"), "old");
    mkdirSync(join(folder, "report.md"));
    const reports = new ReportFolder(folder);
    assert.throws(() => reports.write({ "report.json": "new", "report.md": "new" }), {
      message: `cannot write \`--out\` ${folder}: report.md in it is a folder`,
    });
    assert.equal(readFileSync(join(folder, "report.json"), "utf8"), "old");
    assert.deepEqual(readdirSync(folder).sort(), ["report.json", "report.md"]);
  });

  it("refuses a file for a folder before any work is done", () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    assert.throws(() => new ReportFolder(file), /^SlipwayError: cannot write `--out` .*file: EEXIST/);
    assert.throws(() => new ReportFolder(join(file, "below")), /^SlipwayError: cannot write `--out` /);
  });
});
