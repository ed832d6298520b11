import assert from "node:assert/strict";
import type { EnforcementLevel } from "@pulumi/policy";
import { frameworkCoverage } from "../../audit/coverage";
import { renderJson } from "../../audit/render";
import { reportSchema } from "../../audit/schema/report-schema";
import { NOT_ASKED, NOT_REACHED, NOT_RUN } from "../../audit/unjudged";
import { configured, hasDeployment, noBad, STACK, stateResource, urnOf } from "./support/rules";
import { PACK, reportOf, reportOfCollected } from "./support/report";

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
        schemaVersion: "1.1",
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
      mandatoryIndeterminate: 0,
      mandatoryUnjudged: 0,
    });
  });

  it("counts what is not known of mandatory rules, and apart what the run did not judge of it", () => {
    const found = (rule: string, resource: string, reason: string) =>
      ({ rule, resource, state: "indeterminate", messages: [reason] }) as const;
    const summaryOf = (...enforcements: readonly [EnforcementLevel, EnforcementLevel]) => {
      const rules = [configured(noBad, enforcements[0]), configured(hasDeployment, enforcements[1])];
      const collected = {
        mode: "update",
        project: "shop",
        stack: "dev",
        resources: [],
        findings: [
          found("no-bad", urnOf("Deployment", "a"), "`spec` is not known yet."),
          found("no-bad", urnOf("Deployment", "b"), NOT_RUN),
          found("no-bad", urnOf("Deployment", "c"), NOT_ASKED),
          found("has-deployment", urnOf("Service", "a"), NOT_REACHED),
        ],
      } as const;
      const { mandatoryIndeterminate, mandatoryUnjudged } = reportOfCollected(collected, rules).summary;
      return [mandatoryIndeterminate, mandatoryUnjudged];
    };
    assert.deepEqual(summaryOf("mandatory", "remediate"), [4, 2]);
    assert.deepEqual(summaryOf("mandatory", "advisory"), [3, 1]);
    assert.deepEqual(summaryOf("advisory", "advisory"), [0, 0]);
  });

  it("says what decided: profiles, terms, and what each rule judged by", () => {
    const configSchema = {
      properties: { word: { type: "string", default: "bad" }, most: { type: "integer", default: 3 } },
    } as const;
    const rules = [
      configured({ ...noBad, configSchema }, "mandatory", { word: "evil" }),
      configured(hasDeployment),
    ];
    const report = reportOf(RESOURCES, { rules });
    assert.deepEqual(report.profiles, ["baseline"]);
    assert.deepEqual(report.terms, { maxWaiverDays: 180, failOnIndeterminate: false });
    assert.deepEqual(
      report.rules.map(({ id, parameters }) => [id, parameters]),
      [
        ["has-deployment", undefined],
        ["no-bad", { word: "evil", most: 3 }],
      ],
    );
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

  it("names the rules of a control that are off, whatever the others say", () => {
    const report = reportOf([stateResource("Service", "web"), stateResource("Deployment", "web")], {
      rules: [configured(noBad, "disabled"), configured(hasDeployment)],
    });
    assert.deepEqual(report.frameworks[0]?.controls, [
      {
        id: "2",
        title: "Control 2",
        rules: ["has-deployment", "no-bad"],
        disabled: ["no-bad"],
        state: "pass",
      },
      { id: "10", title: "Control 10", rules: ["no-bad"], disabled: ["no-bad"], state: "not-applicable" },
    ]);
    assert.equal(reportSchema.safeParse(JSON.parse(renderJson(report))).error, undefined);
  });

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
