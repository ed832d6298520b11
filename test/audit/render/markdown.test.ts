import assert from "node:assert/strict";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { MARKDOWN_LIMIT, renderMarkdown } from "../../../audit/render";
import { code, prose } from "../../../audit/render/markdown/escape";
import { cut, shownText } from "../../../audit/render/text";
import type { AuditReport, ReportedFinding } from "../../../audit/report";
import { NOT_RUN } from "../../../audit/unjudged";
import { elementsOf, textOf, type Element } from "./support/read-html";
import {
  cis,
  HOSTILE,
  reportNaming,
  reportOf,
  rule,
  SAMPLE,
  STRICT,
  unknownReport,
  urnOf,
} from "./support/report";

/** As GitHub reads Markdown, but for what it does to the text afterwards. */
const read = (markdown: string): Element[] =>
  elementsOf(
    micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true }),
  );

const texts = (elements: readonly Element[], name: string) =>
  elements.filter(({ tagName }) => tagName === name).map((element) => textOf(element).trim());

const OWN = new Set(
  "h2 h3 p table thead tbody tr th td ul ol li code pre strong em details summary".split(" "),
);

describe("renderMarkdown", () => {
  const markdown = renderMarkdown(SAMPLE);

  it("begins with the verdict, then the counts, then what failed, worst first", () => {
    assert.match(
      markdown,
      /^## Audit of `platform\/prod`: 1 mandatory failure\n\nWhat a preview would make, as of `2026-11-21`: 6 rules, 3 resources\.\n/,
    );
    assert.match(
      markdown,
      /\| Failed \| Indeterminate \| Waived \| Passed \| Not applicable \|\n.*\n\| 2 \|/,
    );
    const items = texts(read(markdown), "li").filter((text) => /^(critical|medium)/.test(text));
    assert.match(items[0]!, /^critical, mandatory container-privileged: Containers are not privileged/);
    assert.match(items[1]!, /^medium container-memory-limit: Containers have a memory limit/);
  });

  it("names the controls of a failing rule, and counts what passed in a line", () => {
    assert.match(
      markdown,
      /\n {2}Controls: Pod Security Standards `restricted: Privileged Containers`, CIS Kubernetes Benchmark `5\.2\.2`\n/,
    );
    assert.match(markdown, /\n`container-privileged` \(1\), `pod-host-namespaces` \(1\)\n/);
  });

  it("counts a framework's controls of those that apply", () => {
    assert.match(
      markdown,
      /- CIS Kubernetes Benchmark 2\.0\.1: 0 of 2 applicable controls met, 2 failed; 1 not applicable\n/,
    );
  });

  it("says where a failure is and how it is mended", () => {
    assert.match(
      markdown,
      /- `churn` \(`kubernetes:apps\/v1:Deployment`\) in `stacks\/models\/churn service\.ts:3`: must set `resources\.limits\.memory` of container `server`\./,
    );
    assert.match(markdown, /```ts\n {2}resources: \{\n {4}limits: \{ memory: "512Mi" \},\n {2}\}\n {2}```/);
  });

  it("folds all else away", () => {
    const elements = read(markdown);
    assert.deepEqual(texts(elements, "summary"), [
      "Indeterminate (1): not known, or not judged",
      "Waived (1)",
      "Frameworks",
      "Passed (2)",
      "Not applicable (1)",
      "Inputs and their SHA-256",
    ]);
    assert.deepEqual(texts(elements, "h3"), ["Waivers that do not hold (1)", "Failed (2)"]);
  });

  it("names who waived what until when", () => {
    assert.match(
      markdown,
      /Waived by `ml-platform@example\.com` until `2026-12-31` \(`OPS-17`\): The model's size is not known yet\./,
    );
  });

  it("has a verdict for every outcome", () => {
    const verdict = (report: AuditReport) =>
      renderMarkdown(report).split("\n", 1)[0]!.replace("## Audit of `platform/prod`: ", "");
    const failing = (enforcement: "advisory" | "mandatory") =>
      reportOf({
        rules: [rule("a", { enforcement })],
        findings: [{ rule: "a", resource: "urn", state: "fail", messages: ["No."] }],
      });
    assert.equal(verdict(reportOf({})), "no failure");
    assert.equal(verdict(failing("advisory")), "no mandatory failure, 1 advisory");
    assert.equal(verdict(failing("mandatory")), "1 mandatory failure");
    assert.equal(
      verdict(reportOf({ waiverProblems: [{ line: 1, message: "expired" }] })),
      "1 waiver not valid",
    );
    const unknown = unknownReport("`spec` is not known yet.");
    assert.equal(verdict(unknown), "no mandatory failure; 1 mandatory finding not known");
    assert.equal(verdict({ ...unknown, terms: STRICT }), "1 mandatory finding not known");
    assert.equal(verdict(unknownReport(NOT_RUN)), "1 mandatory finding not judged by the run");
  });

  it("names controls that passed without rules that are off", () => {
    const [met] = reportOf({ rules: [rule("a", { controls: [cis("5.1", "One")] })] }).frameworks;
    const control = { ...met!.controls[0]!, rules: ["a", "b"], disabled: ["b"], state: "pass" } as const;
    assert.match(
      renderMarkdown(reportOf({ frameworks: [{ ...met!, controls: [control] }] })),
      /\n {2}- `5\.1` passed without `b`, which is off\n/,
    );
  });

  it("says what decided beside the inputs", () => {
    assert.match(
      markdown,
      /- profiles of the pack: `baseline`\n- waivers of at most 180 days; what is not known of a mandatory rule does not fail the audit\n/,
    );
  });

  const failing = (rules: number, resources: number) => {
    const ids = Array.from({ length: rules }, (_, i) => `rule-${String(i).padStart(3, "0")}`);
    return reportOf({
      rules: ids.map((id) => rule(id)),
      findings: ids.flatMap((id) =>
        Array.from({ length: resources }, (_, i): ReportedFinding => {
          const resource = urnOf("kubernetes:apps/v1:Deployment", `service-${i}`);
          return { rule: id, resource, state: "fail", messages: [`must set \`spec.of${i}\`.`] };
        }),
      ),
    });
  };

  it("tells the ten worst rules at once, ten resources of each", () => {
    const elements = read(renderMarkdown(failing(12, 11)));
    assert.deepEqual(texts(elements, "summary")[0], "2 more rules failed");
    const [before, after] = renderMarkdown(failing(12, 11)).split("<details>");
    assert.match(before!, /`rule-009`(?![^]*`rule-010`)/);
    assert.match(before!, /`service-9`[^]*_and 1 more resource_/);
    assert.match(after!, /`rule-010`[^]*`rule-011`/);
  });

  it("stays below what a comment takes, and says what it left out", () => {
    const large = renderMarkdown(failing(150, 30));
    assert.ok(large.length <= MARKDOWN_LIMIT && large.length > MARKDOWN_LIMIT / 4, String(large.length));
    assert.match(
      large,
      /\n_Left out to fit a comment: rules beyond 100 of a state; resources beyond 5 of a rule\. The HTML and JSON reports have all of it\._\n$/,
    );
    assert.match(large, /_and 25 more resources_/);
    assert.match(large, /_and 50 more rules_/);
  });

  it("stays below it also where every text is as long and as full of signs as can be", () => {
    const worst = "\u202e[@".repeat(3000);
    const rules = Array.from({ length: 20 }, (_, i) =>
      rule(`${i}${worst}`, { title: worst, remediation: worst }),
    );
    const findings = rules.flatMap(({ id }) =>
      (["fail", "waived", "indeterminate", "pass"] as const).map((state): ReportedFinding => ({
        rule: id,
        resource: worst,
        state,
        messages: Array.from({ length: 9 }, () => worst),
      })),
    );
    const report = reportOf({
      rules,
      findings,
      subject: { project: worst, stack: worst, mode: "update" },
      waiverProblems: Array.from({ length: 40 }, () => ({ line: 1, message: worst })),
      inputs: Array.from({ length: 40 }, () => ({ kind: worst, name: worst, sha256: worst })),
    });
    assert.ok(renderMarkdown(report).length <= MARKDOWN_LIMIT);
  });

  for (const [what, text] of Object.entries(HOSTILE)) {
    it(`lets nothing be made of names with ${what}`, () => {
      const elements = read(renderMarkdown(reportNaming(text)));
      assert.deepEqual(
        [...new Set(elements.map(({ tagName }) => tagName))].filter((name) => !OWN.has(name)),
        [],
      );
      assert.deepEqual(
        elements.filter(({ tagName }) => tagName === "h2" || tagName === "details").length,
        1 + 6,
      );
      const named = elements.filter(({ tagName }) => tagName === "code").map((element) => textOf(element));
      const shown = cut(shownText(cut(text, 160)), 160);
      assert.ok(named.includes(shown.trim() === "" ? "(blank)" : shown), JSON.stringify(named.slice(0, 8)));
      for (const element of elements.filter(({ tagName }) => tagName === "p" || tagName === "li")) {
        assert.doesNotMatch(textOf(element, ["code", "pre", "ul"]), /@\w|#\d|\bGH-\d|https?:\/\/|www\./);
      }
    });
  }
});

describe("code", () => {
  it("has a fence longer than any inside", () => {
    assert.equal(code("plain"), "`plain`");
    assert.equal(code("a`b"), "``a`b``");
    assert.equal(code("``"), "``` `` ```");
    assert.equal(code(" "), "`(blank)`");
  });
});

describe("prose", () => {
  const shown = (text: string) =>
    texts(read(`x ${prose(text)}`), "p")[0]!
      .slice(2)
      .replaceAll("\u2060", "");

  it("keeps code that backticks enclose, also side by side", () => {
    assert.equal(prose("set `a.b` to 1."), "set `a.b` to 1.");
    assert.deepEqual(texts(read(prose("`a``b`")), "code"), ["a", "b"]);
    assert.equal(shown("one ` alone"), "one ` alone");
  });

  it("is read as it was written", () => {
    for (const text of [
      "1. *b* _c_ ~~d~~ <e> &amp; $f$ ^g",
      "# no",
      "- no",
      "1) no",
      "a\\",
      "[a](b) ![c](d)",
    ]) {
      assert.equal(shown(text), text);
      assert.equal(texts(read(prose(text)), "p")[0]!.replaceAll("\u2060", ""), text);
    }
  });
});
