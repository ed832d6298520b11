import assert from "node:assert";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { catalog } from "../../policies/catalog";

const root = join(__dirname, "../..");
const areas = readdirSync(join(root, "policies/rules"));

/** Where a rule's file lies, by its id. */
const places = new Map(
  areas.flatMap((area) =>
    readdirSync(join(root, "policies/rules", area)).map((file) => [file.replace(/\.ts$/, ""), area] as const),
  ),
);

describe("The catalog", () => {
  it("holds every rule file once", () => {
    const ids = catalog.map(({ rule }) => rule.id);
    assert.strictEqual(new Set(ids).size, ids.length);
    assert.deepStrictEqual([...ids].sort(), [...places.keys()].sort());
  });

  for (const { rule, enforcement } of catalog) {
    it(`describes ${rule.id} in full`, () => {
      assert.match(rule.id, /^[a-z][a-z0-9]*(-[a-z0-9]+)+$/);
      for (const text of [rule.title, rule.description, rule.remediation])
        assert.ok(text.trim().length > 10, text);
      assert.ok(rule.title.length <= 75, "the title is one line");
      assert.match(rule.description, /\.$/);
      assert.ok(rule.types.length > 0);
      assert.ok(["mandatory", "advisory"].includes(enforcement));
      for (const control of rule.controls)
        assert.ok(control.source !== "" && control.version !== "" && control.id !== "");
    });

    it(`has tests for ${rule.id}`, () => {
      assert.ok(
        existsSync(join(root, "test/policies/rules", places.get(rule.id) ?? "", `${rule.id}.test.ts`)),
      );
    });
  }

  it("lets nobody waive what gives something away to everyone in the world", () => {
    const fixed = catalog.filter(({ rule }) => rule.waivable === false);
    assert.deepStrictEqual(fixed.map(({ rule }) => rule.id).sort(), [
      "database-snapshot-public",
      "iam-role-trust-public",
      "kms-key-policy-open",
      "secret-policy-public",
    ]);
    const page = readFileSync(join(root, "docs/audit.md"), "utf8");
    for (const { rule, enforcement } of fixed) {
      assert.deepStrictEqual([rule.severity, enforcement], ["critical", "mandatory"], rule.id);
      assert.ok(page.includes(`\`${rule.id}\``), `docs/audit.md names ${rule.id}`);
    }
  });

  it("has the version of the package", () => {
    const version = (file: string): unknown =>
      (JSON.parse(readFileSync(join(root, file), "utf8")) as Record<string, unknown>)["version"];
    assert.strictEqual(version("policies/package.json"), version("package.json"));
  });
});
