import assert from "node:assert";
import { catalog } from "../../../policies/catalog";
import type { CatalogEntry } from "../../../policies/areas/entry";
import type { Control } from "../../../policies/model/controls";
import { bindProfiles, DEFAULT_PROFILE, PROFILES } from "../../../policies/profiles/profiles";

const named = (...names: string[]) => names.map((name) => PROFILES.find((profile) => profile.name === name)!);
const levels = (...names: string[]) => bindProfiles(catalog, named(...names));
const taken = (...names: string[]) =>
  levels(...names)
    .filter(({ enforcement }) => enforcement !== "disabled")
    .map(({ rule }) => rule.id);

describe("Profiles", () => {
  it("leave the catalog as it is by default", () =>
    assert.deepStrictEqual(levels(DEFAULT_PROFILE), [...catalog]));

  it("make every rule mandatory under strict", () => {
    assert.ok(levels("strict").every(({ enforcement }) => enforcement === "mandatory"));
  });

  for (const { name } of PROFILES) {
    it(`keep every rule in its place under ${name}`, () => {
      const bound = levels(name);
      assert.deepStrictEqual(
        bound.map(({ rule }) => rule.id),
        catalog.map(({ rule }) => rule.id),
      );
      assert.ok(taken(name).length >= 5, `${name} takes ${taken(name).length} rules`);
    });
  }

  it("know every framework that a rule is mapped to", () => {
    const open = catalog.flatMap(({ rule }) =>
      rule.controls.filter((control) => {
        const only: CatalogEntry = {
          rule: { ...rule, controls: [control] as Control[] },
          enforcement: "advisory",
        };
        return !PROFILES.slice(2).some((profile) => profile.level(only) === "mandatory");
      }),
    );
    assert.deepStrictEqual([...new Set(open.map(({ framework }) => framework))], []);
  });

  it("take Pod Security's baseline as a part of restricted", () => {
    const restricted = new Set(taken("pod-security-restricted"));
    assert.ok(restricted.has("container-privileged") && restricted.has("pod-run-as-non-root"));
    assert.ok(!taken("pod-security-baseline").includes("pod-run-as-non-root"));
    assert.deepStrictEqual(
      taken("pod-security-baseline").filter((id) => !restricted.has(id)),
      [],
    );
  });

  it("add up, the strongest level counting", () => {
    const both = new Set(taken("soc2", "nsa-cisa"));
    for (const id of [...taken("soc2"), ...taken("nsa-cisa")]) assert.ok(both.has(id), id);
    const [entry] = bindProfiles(
      catalog.filter(({ rule }) => rule.id === "service-node-port"),
      named("pod-security-baseline", DEFAULT_PROFILE),
    );
    assert.strictEqual(entry?.enforcement, "advisory");
  });
});
