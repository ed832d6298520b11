import assert from "node:assert/strict";
import { frameworkCoverage } from "../../audit/coverage";
import { renderJson } from "../../audit/render";
import { reportSchema } from "../../audit/schema/report-schema";
import { configured, hasDeployment, noBad, STACK, stateResource, urnOf } from "./support/rules";
import { PACK, reportOf } from "./support/report";

const WAIVER = `waivers:
  - rule: no-bad
    resource: "**::api"
    owner: team-api
    reason: The vendor's image cannot.
    ticket: API-1
    expires: 2026-12-31
`;

const RESOURCES = [
  stateResource("Service", "lost"),
  stateResource("Deployment", "web", { bad: 1 }),
  stateResource("Deployment", "api", { bad: 1 }),
  stateResource("Deployment", "fine"),
];

describe("buildReport", () => {
  it("says what was judged, by what, as of when", () => {
    const { schemaVersion, asOf, subject, pack, inputs } = reportOf(RESOURCES);
    assert.deepEqual(
      { schemaVersion, asOf, subject, pack },
      {
        schemaVersion: "1.0",
        asOf: "2026-11-21",
        subject: { project: "shop", stack: "dev", mode: "state" },
        pack: PACK,
      },
    );
    assert.deepEqual(
      inputs.map(({ kind }) => kind),
      ["state", "waivers"],
    );
  });

  it("counts states, and unwaived failures of mandatory rules apart", () => {
    assert.deepEqual(reportOf(RESOURCES, { waivers: WAIVER }).summary, {
      pass: 1,
      fail: 2,
      "not-applicable": 0,
      indeterminate: 0,
      waived: 1,
      mandatoryFailures: 2,
    });
  });

  it("counts a rule that remediates as mandatory, and one that advises not", () => {
    const failures = (enforcement: "remediate" | "advisory") =>
      reportOf(RESOURCES, { rules: [configured(noBad, enforcement)] }).summary.mandatoryFailures;
    assert.deepEqual([failures("remediate"), failures("advisory")], [2, 0]);
  });

  it("sorts findings by rule, then resource", () => {
    assert.deepEqual(
      reportOf(RESOURCES).findings.map(({ rule, resource }) => `${rule} ${resource}`),
      [
        `has-deployment ${urnOf("Service", "lost")}`,
        `no-bad ${urnOf("Deployment", "api")}`,
        `no-bad ${urnOf("Deployment", "fine")}`,
        `no-bad ${urnOf("Deployment", "web")}`,
      ],
    );
  });

  it("lists every resource once, the stack among them", () => {
    assert.deepEqual(
      reportOf([stateResource("ConfigMap", "settings")]).resources.map(({ urn }) => urn),
      [urnOf("ConfigMap", "settings"), STACK],
    );
  });

  it("has no problems of waivers where every one holds, and each of them otherwise", () => {
    assert.equal("waiverProblems" in reportOf(RESOURCES, { waivers: WAIVER }), false);
    const mended = reportOf([stateResource("Deployment", "api")], { waivers: WAIVER });
    assert.deepEqual(mended.waiverProblems, [
      {
        line: 2,
        message: "The waiver for `no-bad` matches no failure: nothing fails at `**::api`. Remove it.",
      },
    ]);
  });

  it("gives the same bytes whatever the order of resources and rules", () => {
    const rules = [configured(noBad), configured(hasDeployment)];
    const one = renderJson(reportOf(RESOURCES, { rules, waivers: WAIVER }));
    const other = renderJson(
      reportOf([...RESOURCES].reverse(), { rules: [...rules].reverse(), waivers: WAIVER }),
    );
    assert.equal(one, other);
  });

  it("is what the published schema says", () => {
    const { error } = reportSchema.safeParse(
      JSON.parse(renderJson(reportOf(RESOURCES, { waivers: WAIVER }))),
    );
    assert.equal(error, undefined);
  });
});

describe("frameworkCoverage", () => {
  const { rules, findings } = reportOf(RESOURCES, { waivers: WAIVER });

  it("fails a control if any of its rules fails, and sorts numbers as numbers", () => {
    assert.deepEqual(frameworkCoverage(rules, findings), [
      {
        framework: "Framework",
        version: "1.0",
        controls: [
          { id: "2", title: "Control 2", rules: ["has-deployment", "no-bad"], state: "fail" },
          { id: "10", title: "Control 10", rules: ["no-bad"], state: "fail" },
        ],
      },
    ]);
  });

  for (const [states, worst] of [
    [["pass", "not-applicable"], "pass"],
    [["pass", "waived"], "waived"],
    [["waived", "indeterminate"], "indeterminate"],
    [["indeterminate", "fail"], "fail"],
    [["not-applicable"], "not-applicable"],
    [[], "not-applicable"],
  ] as const) {
    it(`calls ${states.join(" and ") || "no finding"} ${worst}`, () => {
      const found = states.map((state) => ({ rule: "no-bad", resource: STACK, state, messages: [] }));
      const [framework] = frameworkCoverage(rules, found);
      assert.equal(framework?.controls.find(({ id }) => id === "10")?.state, worst);
    });
  }
});
