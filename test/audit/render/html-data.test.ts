import assert from "node:assert/strict";
import { compact, embedded, expand } from "../../../audit/render/html/compact";
import {
  EVERYTHING,
  filterFromHash,
  filterInWords,
  filterToHash,
  finder,
  NO_COMPONENT,
  type Filter,
} from "../../../audit/render/html/filter";
import { resourcesOf, rulesWorstFirst, STATES } from "../../../audit/render/order";
import { HOSTILE, largeReport, SAMPLE } from "./support/report";

describe("compact and expand", () => {
  it("give back every rule with its findings", () => {
    for (const report of [SAMPLE, largeReport(100, 30)]) {
      const data = JSON.parse(JSON.stringify(compact(report, resourcesOf(report))));
      assert.deepEqual(rulesWorstFirst(expand(data)), rulesWorstFirst(report));
    }
  });

  it("give back the resources that findings name, also those that the report does not list", () => {
    const report = { ...SAMPLE, resources: SAMPLE.resources.slice(1) };
    const read = resourcesOf(expand(compact(report, resourcesOf(report))));
    const [fraud, churn] = SAMPLE.resources;
    assert.deepEqual(read(churn!.urn), churn);
    assert.deepEqual(read(fraud!.urn), { urn: fraud!.urn, type: fraud!.type, name: "fraud" });
  });

  it("take few bytes for a finding of which there is nothing to tell", () => {
    const report = largeReport(1000, 50);
    const bytes = JSON.stringify(compact(report, resourcesOf(report))).length;
    assert.ok(bytes / report.findings.length < 25, `${bytes / report.findings.length} bytes a finding`);
  });
});

describe("embedded", () => {
  it("has nothing that ends a script or a line, and reads the same", () => {
    for (const text of Object.values(HOSTILE)) {
      const json = embedded({ text });
      assert.doesNotMatch(json, /[<>&\u2028\u2029]/);
      assert.deepEqual(JSON.parse(json), { text });
    }
  });
});

describe("finder", () => {
  const find = finder(SAMPLE);
  const found = (filter: Partial<Filter>) =>
    find({ ...EVERYTHING, ...filter }).flatMap(({ rule, findings }) =>
      STATES.flatMap((state) =>
        findings[state].map(({ resource }) => `${rule.id} ${state} ${resource.split("::").at(-1)}`),
      ),
    );

  it("finds everything, worst first, without a filter", () => {
    assert.deepEqual(found({}), [
      "container-privileged fail churn",
      "container-privileged pass fraud",
      "container-memory-limit fail churn",
      "container-memory-limit waived fraud",
      "namespace-default-deny indeterminate fraud",
      "pod-host-namespaces pass fraud",
      "service-node-port not-applicable fraud",
    ]);
  });

  const cases: [string, Partial<Filter>, string[]][] = [
    [
      "states",
      { states: ["waived", "fail"] },
      [
        "container-privileged fail churn",
        "container-memory-limit fail churn",
        "container-memory-limit waived fraud",
      ],
    ],
    [
      "severities",
      { severities: ["critical"] },
      ["container-privileged fail churn", "container-privileged pass fraud"],
    ],
    [
      "a framework",
      { framework: "Pod Security Standards v1.34" },
      ["container-privileged fail churn", "container-privileged pass fraud"],
    ],
    [
      "a control",
      { framework: "CIS Kubernetes Benchmark 2.0.1", control: "5.3.2" },
      ["service-node-port not-applicable fraud"],
    ],
    [
      "a component",
      { component: "slipway:index:InferenceService fraud", states: ["waived"] },
      ["container-memory-limit waived fraud"],
    ],
    [
      "no component",
      { component: NO_COMPONENT },
      ["container-privileged fail churn", "container-memory-limit fail churn"],
    ],
    ["a rule", { rule: "namespace-default-deny" }, ["namespace-default-deny indeterminate fraud"]],
    ["a resource's type", { resource: " CORE/V1:service " }, ["service-node-port not-applicable fraud"]],
    [
      "words of rule, resource and message together",
      { text: "memory CHURN `server`" },
      ["container-memory-limit fail churn"],
    ],
    ["a control's number", { text: "5.2.2 fraud" }, ["container-privileged pass fraud"]],
    ["a source file", { text: "churn service.ts limits" }, ["container-memory-limit fail churn"]],
    ["a waiver's ticket", { text: "OPS-17" }, ["container-memory-limit waived fraud"]],
    ["nothing", { text: "no such thing" }, []],
  ];
  for (const [what, filter, expected] of cases) {
    it(`finds by ${what}`, () => assert.deepEqual(found(filter), expected));
  }
});

describe("filter in the address", () => {
  it("is read as it was written", () => {
    const filter: Filter = {
      states: ["fail", "waived"],
      severities: ["critical"],
      framework: "A & B=C #1",
      control: "5.1",
      component: "x y",
      rule: "r",
      resource: "100%",
      text: "ä \u202e",
    };
    assert.deepEqual(filterFromHash(`#${filterToHash(filter)}`), filter);
    assert.equal(filterToHash(EVERYTHING), "");
    assert.deepEqual(filterFromHash(""), EVERYTHING);
  });

  it("leaves out what is no state or severity", () => {
    assert.deepEqual(filterFromHash("#states=fail,green&severities=severe&other=1"), {
      ...EVERYTHING,
      states: ["fail"],
    });
  });

  it("is told in words", () => {
    const filter = { ...EVERYTHING, states: ["fail", "not-applicable"] as const, text: "a\u202eb" };
    assert.equal(filterInWords(filter), "state: failed, not applicable; text: a\\u{202e}b");
    assert.equal(filterInWords(EVERYTHING), "");
  });
});
