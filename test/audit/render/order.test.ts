import assert from "node:assert/strict";
import { compareNumbered, controlsInWords, resourcesOf, rulesWorstFirst } from "../../../audit/render/order";
import { counted, cut, grouped, shownText } from "../../../audit/render/text";
import type { FindingState } from "../../../audit/report";
import { reportOf, rule } from "./support/report";

describe("rulesWorstFirst", () => {
  it("orders by worst state, then mandatory, then severity, then id; what judged nothing is last", () => {
    const findings = (
      [
        ["b", "pass"],
        ["a", "fail"],
        ["c", "waived"],
        ["d", "fail"],
        ["e", "fail"],
        ["f", "indeterminate"],
        ["g", "not-applicable"],
      ] as const
    ).map(([id, state]) => ({ rule: id, resource: "urn", state, messages: [] }));
    const rules = [
      rule("z"),
      ...["a", "b", "c", "f", "g"].map((id) => rule(id, { severity: "low", enforcement: "advisory" })),
      rule("d", { severity: "low" }),
      rule("e", { severity: "critical", enforcement: "advisory" }),
    ];
    const order = rulesWorstFirst(reportOf({ rules, findings })).map((entry) => entry.rule.id);
    assert.deepEqual(order, ["d", "e", "a", "f", "c", "b", "g", "z"]);
  });

  it("refuses a finding of a rule that the report does not have", () => {
    const findings = [{ rule: "no", resource: "urn", state: "pass" as const, messages: [] }];
    assert.throws(
      () => rulesWorstFirst(reportOf({ findings })),
      /^Error: a finding names rule `no`, which the report does not have$/,
    );
  });
});

describe("resourcesOf", () => {
  it("reads type and name of an unlisted resource from its URN", () => {
    const urn = "urn:pulumi:prod::platform::a:b:C$pulumi:pulumi:Stack::platform::prod";
    assert.deepEqual(resourcesOf({ resources: [] })(urn), {
      urn,
      type: "pulumi:pulumi:Stack",
      name: "platform::prod",
    });
    assert.deepEqual(resourcesOf({ resources: [] })("odd"), { urn: "odd", type: "", name: "odd" });
  });
});

describe("compareNumbered", () => {
  it("orders numbers by size, wherever they stand", () => {
    const sorted = ["1", "A.5.2", "A.5.10", "AC-2(3)", "AC-2(11)", "AC-10", "1.2", "1.10", "1.1"].sort(
      compareNumbered,
    );
    assert.deepEqual(sorted, ["1", "1.1", "1.2", "1.10", "A.5.2", "A.5.10", "AC-2(3)", "AC-2(11)", "AC-10"]);
  });
});

describe("controlsInWords", () => {
  const words = (...states: FindingState[]) =>
    controlsInWords({
      framework: "F",
      version: "1",
      controls: states.map((state, i) => ({ id: String(i), title: "", rules: [], state })),
    });

  it("counts those that apply, and names the rest", () => {
    assert.equal(words("pass", "pass"), "2 of 2 applicable controls met");
    assert.equal(
      words("pass", "fail", "waived", "indeterminate", "not-applicable"),
      "1 of 4 applicable controls met, 1 failed, 1 indeterminate, 1 waived; 1 not applicable",
    );
    assert.equal(words("not-applicable"), "none of 1 control applicable");
  });

  it("says how many were met without rules that are off", () => {
    const control = { id: "1", title: "", rules: ["a", "b"], disabled: ["b"] };
    const controls = [
      { ...control, state: "pass" },
      { ...control, state: "fail" },
    ] as const;
    assert.equal(
      controlsInWords({ framework: "F", version: "1", controls }),
      "1 of 2 applicable controls met (1 of them with rules that are off), 1 failed",
    );
  });
});

describe("text", () => {
  it("shows what would deceive", () => {
    assert.equal(shownText("a\u202eb\u0000\ud800\u{e0041}"), "a\\u{202e}b\\u{0}\\u{d800}\\u{e0041}");
    assert.equal(shownText("one \r\n  two"), "one two");
    assert.equal(shownText("é 漢字 🚢 עברית"), "é 漢字 🚢 עברית");
  });

  it("cuts between characters", () => {
    assert.equal(cut("🚢🚢🚢", 3), "🚢🚢🚢");
    assert.equal(cut("🚢🚢🚢", 2), "🚢…");
    assert.equal(cut("abc", 3), "abc");
    assert.equal(Array.from(cut("🚢".repeat(5000), 100)).length, 100);
  });

  it("groups digits, and knows one from many", () => {
    assert.deepEqual([0, 999, 1000, 1234567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    assert.equal(counted(1, "rule"), "1 rule");
    assert.equal(counted(2000, "entry", "entries"), "2,000 entries");
  });
});
