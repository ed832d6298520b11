import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { renderHtml } from "../../../audit/render";
import { expand } from "../../../audit/render/html/compact";
import { MOST_WRITTEN_OUT } from "../../../audit/render/html/written-out";
import { DARK, LIGHT, type Palette } from "../../../audit/render/html/palette";
import { shownText } from "../../../audit/render/text";
import type { AuditReport } from "../../../audit/report";
import { NOT_REACHED, NOT_RUN } from "../../../audit/unjudged";
import { contrast } from "../../support/contrast";
import { attribute, elementsOf, hasClass, textOf, type Element } from "./support/read-html";
import {
  cis,
  HOSTILE,
  largeReport,
  reportNaming,
  reportOf,
  rule,
  SAMPLE,
  STRICT,
  unknownReport,
} from "./support/report";

const withClass = (elements: readonly Element[], name: string) =>
  elements.filter((one) => hasClass(one, name));
const withTag = (elements: readonly Element[], name: string) =>
  elements.filter(({ tagName }) => tagName === name);
const squeezed = (text: string) => text.replace(/\s+/g, " ").trim();
const digest = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

describe("renderHtml", () => {
  const page = elementsOf(renderHtml(SAMPLE));

  it("loads nothing, and allows only the script and the style that it holds", () => {
    const policy = page.find((one) => attribute(one, "http-equiv") === "Content-Security-Policy")!;
    const [style] = withTag(page, "style");
    const scripts = withTag(page, "script");
    assert.equal(
      attribute(policy, "content"),
      `default-src 'none'; script-src ${digest(textOf(scripts[1]!))}; style-src ${digest(textOf(style!))}; base-uri 'none'; form-action 'none'`,
    );
    assert.deepEqual(
      scripts.map((one) => [attribute(one, "type"), attribute(one, "src")]),
      [
        ["application/json", undefined],
        [undefined, undefined],
      ],
    );
    for (const one of page) {
      assert.ok(!["link", "img", "iframe", "object", "base"].includes(one.tagName), one.tagName);
      assert.ok(!one.attrs.some(({ name }) => name === "style" || name.startsWith("on")));
    }
    assert.doesNotMatch(textOf(style!), /url\(|@import/);
  });

  it("is the same to the byte for the same report", () => {
    assert.equal(renderHtml(SAMPLE), renderHtml(structuredClone(SAMPLE)));
  });

  it("begins with whether the audit is passed", () => {
    const verdict = (report: AuditReport) =>
      squeezed(textOf(withClass(elementsOf(renderHtml(report)), "verdict")[0]!));
    assert.equal(
      verdict(SAMPLE),
      "✗ Not passed. 1 failure of a mandatory rule, unwaived. Waivers that do not hold: line 12: the waiver of rbac-wildcard expired on 2026-10-01",
    );
    assert.equal(verdict(reportOf({})), "✓ Passed. No mandatory rule fails unwaived.");
    assert.equal(
      verdict(reportOf({ waiverProblems: [{ line: 2, message: "expired" }] })),
      "✗ Not passed. 1 waiver does not hold. No mandatory rule fails unwaived. Waivers that do not hold: line 2: expired",
    );
  });

  it("has no tick where mandatory findings are not known, and fails where the run did not judge them", () => {
    const verdict = (report: AuditReport) => {
      const [element] = withClass(elementsOf(renderHtml(report)), "verdict");
      return [attribute(element!, "class"), squeezed(textOf(element!))];
    };
    const unknown = "`spec` is not known yet.";
    const text = "No mandatory failure; 1 mandatory finding not known.";
    assert.deepEqual(verdict(unknownReport(unknown)), ["verdict open", `? Not known in full. ${text}`]);
    assert.deepEqual(verdict(unknownReport(unknown, { terms: STRICT })), [
      "verdict bad",
      `✗ Not passed. ${text}`,
    ]);
    for (const reason of [NOT_RUN, NOT_REACHED]) {
      assert.deepEqual(verdict(unknownReport(reason)), [
        "verdict bad",
        "✗ Not passed. 1 mandatory finding was not judged by the run. No mandatory rule fails unwaived.",
      ]);
    }
  });

  it("names rules of a control that are off, beside its state and in the numbers", () => {
    const [met] = reportOf({ rules: [rule("a", { controls: [cis("5.1", "One")] })] }).frameworks;
    const control = { ...met!.controls[0]!, rules: ["a", "b"], disabled: ["b"], state: "pass" } as const;
    const elements = elementsOf(renderHtml(reportOf({ frameworks: [{ ...met!, controls: [control] }] })));
    const row = withTag(elements, "tr").find((one) => textOf(one).startsWith("5.1"))!;
    assert.equal(squeezed(textOf(row)), "5.1One✓ Passeda; off: b");
    assert.match(
      squeezed(textOf(withClass(elements, "frameworks")[0]!)),
      /1 of 1 applicable control met \(1 of them with rules that are off\)/,
    );
  });

  it("says what a rule judged by, and what the audit was held to", () => {
    const text = squeezed(textOf(withTag(page, "body")[0]!, ["script"]));
    assert.match(text, /Judged by most "2Gi"\./);
    assert.match(
      text,
      /Rules were bound by 1 profile of the pack: baseline\. A waiver may go on for 180 days\. What is not known of a mandatory rule does not fail the audit\./,
    );
  });

  it("counts each state", () => {
    const [counts] = withClass(page, "counts");
    assert.deepEqual(
      withTag(page, "dd").map((one) => textOf(one)),
      ["2", "1", "1", "2", "1"],
    );
    assert.match(squeezed(textOf(counts!)), /Waived.*failed; somebody answers for it/);
  });

  it("has the coverage of each framework, control by control", () => {
    const [frameworks] = withClass(page, "frameworks");
    assert.match(
      squeezed(textOf(frameworks!)),
      /CIS Kubernetes Benchmark 2\.0\.1 ?0 of 2 applicable controls met, 2 failed; 1 not applicable/,
    );
    const row = withTag(page, "tr").find((one) => textOf(one).startsWith("5.2.2"))!;
    assert.equal(
      squeezed(textOf(row)),
      "5.2.2Minimize the admission of privileged containers✗ Failedcontainer-privileged",
    );
  });

  it("lists rules that applied to nothing with the reason alone", () => {
    const rule = page.find((one) => attribute(one, "id") === "rule-service-node-port")!;
    assert.equal(
      squeezed(textOf(rule)),
      "service-node-port: Services open no port of the nodes fraud kubernetes:core/v1:Service in slipway:index:InferenceService fraud: The service is of type ExternalName.",
    );
  });

  it("orders controls as their document counts, and has them after the findings for paper", () => {
    const ids = ["5.10.1", "5.2.2", "5.2.10", "A.8.2", "5.2"];
    const report = reportOf({ rules: [{ ...SAMPLE.rules[0]!, controls: ids.map((id) => cis(id, id)) }] });
    const elements = elementsOf(renderHtml(report));
    const order = ["5.2", "5.2.2", "5.2.10", "5.10.1", "A.8.2"];
    assert.deepEqual(
      withTag(elements, "th")
        .filter((one) => attribute(one, "scope") === "row")
        .map((one) => textOf(one))
        .filter((id) => ids.includes(id)),
      order,
    );
    assert.match(
      squeezed(textOf(withClass(elements, "on-paper")[0]!)),
      /Not applicable: 5\.2, 5\.2\.2, 5\.2\.10, 5\.10\.1, A\.8\.2\./,
    );
    const titles = withTag(page, "h2").map((one) => attribute(one, "id"));
    assert.ok(titles.indexOf("written-out-title") < titles.indexOf("controls-title"));
  });

  it("explains a finding: what, which controls, the line, and how to mend it", () => {
    const rule = page.find((one) => attribute(one, "id") === "rule-container-privileged")!;
    const text = squeezed(textOf(rule));
    for (const part of [
      "Containers are not privileged",
      "critical mandatory, not waivable container-privileged",
      "A privileged container is root on its node.",
      "securityContext: { privileged: false } // or leave it out",
      "CIS Kubernetes Benchmark 2.0.1, 5.2.2: Minimize the admission of privileged containers",
      "Source: Prowler 5.46.0 (PyPI), prowler/compliance/kubernetes/cis_2.0.1_kubernetes.json",
      "✗ Failed churn kubernetes:apps/v1:Deployment stacks/models/churn service.ts:3",
      "must not set securityContext.privileged of container server.",
      "urn:pulumi:prod::platform::kubernetes:apps/v1:Deployment::churn",
      "Passed (1)",
    ]) {
      assert.ok(text.includes(part), `${part} is not in: ${text}`);
    }
    const link = withTag(page, "a").find((one) => textOf(one).startsWith("https://kubernetes.io"))!;
    assert.equal(attribute(link, "rel"), "noreferrer noopener");
  });

  it("shows what was mended, and who waived what", () => {
    assert.equal(
      squeezed(textOf(withClass(page, "remediated")[0]!)),
      "The pack mended spec.template.spec.hostNetwork from true to false.",
    );
    assert.equal(
      squeezed(textOf(withClass(page, "waiver")[0]!)),
      "Waived by ml-platform@example.com until 2026-12-31 (OPS-17, line 4 of the waivers): The model's size is not known yet.",
    );
  });

  it("names rules that had nothing to judge, and what the report was made of", () => {
    const text = squeezed(textOf(withTag(page, "body")[0]!, ["script"]));
    assert.match(text, /Rules that judged nothing .* rbac-wildcard: Roles name what they allow/);
    assert.match(text, /waivers ?waivers\.yaml ?0123456789abcdef/);
    assert.match(text, /The report\.json beside this page is signed \(Ed25519\) with key sha256:/);
    assert.match(renderHtml(reportOf({})), /The report\.json beside this page is not signed\./);
  });

  it("has a heading for each part, in order, and one of the first level", () => {
    const levels = page
      .filter(({ tagName }) => /^h\d$/.test(tagName))
      .map(({ tagName }) => Number(tagName[1]));
    assert.equal(levels.filter((level) => level === 1).length, 1);
    for (const [i, level] of levels.entries()) {
      if (i > 0) assert.ok(level - levels[i - 1]! <= 1, levels.join());
    }
    const ids = page.map((one) => attribute(one, "id")).filter((id) => id !== undefined);
    assert.equal(new Set(ids).size, ids.length);
  });

  it("writes the worst out up to a number, and says how much it left out", () => {
    const large = largeReport(500, 50);
    const html = renderHtml(large);
    const { fail, indeterminate } = large.summary;
    const [document] = html.split("<script");
    assert.equal(document!.split('<li class="finding ').length - 1, fail + indeterminate);
    assert.ok(
      html.includes(
        `<strong>${(10_000 - MOST_WRITTEN_OUT).toLocaleString("en")} findings of 10,000 not written out here</strong>, those that matter least`,
      ),
    );
  });

  for (const [what, text] of Object.entries(HOSTILE)) {
    it(`has no more elements with ${what} in names, and the same names`, () => {
      const html = renderHtml(reportNaming(text));
      const elements = elementsOf(html);
      const plain = elementsOf(renderHtml(reportNaming("plain")));
      const shape = (of: readonly Element[]) =>
        of
          .filter(({ tagName }) => !["code", "bdi", "a"].includes(tagName))
          .map(({ tagName, attrs }) => `${tagName} ${attrs.map(({ name }) => name).join()}`);
      // A name with backticks is a sentence with code in it: that is all that may differ.
      assert.deepEqual(shape(elements), shape(plain));
      for (const name of withClass(elements, "name")) assert.equal(textOf(name), shownText(text));
      const data = textOf(elements.find((one) => attribute(one, "id") === "report")!);
      const read = expand(JSON.parse(data));
      assert.equal(read.resources[0]!.name, text);
      assert.equal(read.rules[0]!.remediation, text);
    });
  }
});

describe("palette of the report", () => {
  const STATES = ["fail", "indeterminate", "waived", "pass", "notApplicable"] as const;
  for (const [name, palette] of Object.entries({ LIGHT, DARK } satisfies Record<string, Palette>)) {
    it(`has the contrast that text and edges need (${name})`, () => {
      for (const behind of ["background", "raised"] as const) {
        for (const text of ["text", "muted", "accent", ...STATES] as const) {
          const ratio = contrast(palette[text], palette[behind]);
          assert.ok(ratio >= 4.5, `${text} on ${behind}: ${ratio.toFixed(2)}`);
        }
        assert.ok(contrast(palette.edge, palette[behind]) >= 3, `edge on ${behind}`);
      }
      assert.ok(contrast(palette.onFill, palette.fail) >= 4.5, "text on fail");
    });
  }
});
