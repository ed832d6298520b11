import assert from "node:assert";
import { catalog } from "../../../policies/catalog";
import type { Control } from "../../../policies/model/controls";
import titlesBySource from "../fixtures/control-titles.json";

/*
 * Number → title of every control in the documents that rules cite by their address, copied from there: of Kubescape's frameworks
 * at the commit that the address names (what a name begins with there, `CIS-5.3.1`, is the number), of the Pod Security
 * Standards as the page has them for v1.34.
 */
const titles: Readonly<Record<string, Readonly<Record<string, string>>>> = titlesBySource;

const isInSource = ({ source, id, title }: Control): boolean => titles[source]?.[id] === title;

describe("Every control of the catalog that is cited by its address", () => {
  const cited = catalog.flatMap(({ rule }) =>
    rule.controls
      // Those are held to Prowler's own files: see aws-controls.test.ts.
      .filter(({ source }) => !source.startsWith("Prowler "))
      .map((control) => ({ rule: rule.id, control })),
  );

  it("stands there with the number and the title that the rule gives it", () => {
    const wrong = cited
      .filter(({ control }) => !isInSource(control))
      .map(({ rule, control: { framework, id, title } }) => `${rule}: ${framework} ${id} “${title}”`);
    assert.deepStrictEqual(wrong, []);
  });

  it("is of a document of which at least one control is cited", () => {
    const used = new Set(cited.map(({ control }) => control.source));
    assert.deepStrictEqual(
      Object.keys(titles).filter((source) => !used.has(source)),
      [],
    );
  });

  it("would be missed if title, number or source were another", () => {
    const { control } = cited[0]!;
    assert.ok(isInSource(control));
    for (const change of [
      { title: `${control.title}.` },
      { id: "0.0.0" },
      { source: "https://example.com" },
    ]) {
      assert.ok(!isInSource({ ...control, ...change }));
    }
  });
});
