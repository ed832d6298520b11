import assert from "node:assert/strict";
import pc from "picocolors";
import { renderAuditText } from "../../../cli/audit/audit-text";
import { renderDiffText } from "../../../cli/audit/diff-text";
import { configured, noBad, stateResource } from "../../audit/support/rules";
import { reportOf } from "../../audit/support/report";

const plain = pc.createColors(false);
const EXPIRED = `waivers:
  - {rule: no-bad, resource: "**", owner: web, reason: r, ticket: t, expires: 2026-01-01}
`;

describe("renderAuditText", () => {
  it("says the mandatory failures first, then waivers, counts and files", () => {
    const source = { sourcePosition: "project:///index.ts#4,2" };
    const report = reportOf(
      [stateResource("Deployment", "web", { bad: 1 }, source), stateResource("Service", "lost")],
      {
        waivers: EXPIRED,
      },
    );
    assert.equal(
      renderAuditText(report, ["out/report.json"], "waivers.yaml", plain),
      `Audit of shop/dev, the state, as of 2026-11-21
3 resources, 2 rules of slipway 1.2.3

Mandatory controls that fail: 2
  critical has-deployment
    Service \`lost\` has no Deployment.
    kubernetes:core/v1:Service lost
  high no-bad
    Deployment \`web\` must not be bad.
    kubernetes:apps/v1:Deployment web, index.ts:4:2

Waivers that do not hold: 1
  waivers.yaml:2: The waiver for \`no-bad\` has expired on 2026-01-01; web must mend the finding or renew it.

Failed          2  2 of them mandatory
Indeterminate   0
Waived          0
Passed          0
Not applicable  0

Reports:
  out/report.json`,
    );
  });

  it("says that what is not known of mandatory rules is not known", () => {
    const secret = {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      ciphertext: "v1",
    };
    const resources = [stateResource("Deployment", "web", { bad: secret })];
    const textOf = (enforcement: "mandatory" | "advisory") =>
      renderAuditText(reportOf(resources, { rules: [configured(noBad, enforcement)] }), [], undefined, plain);
    assert.match(textOf("mandatory"), /Indeterminate +1 +1 of them mandatory/);
    assert.match(textOf("mandatory"), /\n\nNo mandatory failure; 1 mandatory finding not known\.$/);
    assert.match(textOf("advisory"), /Indeterminate +1 +0 of them mandatory/);
    assert.doesNotMatch(textOf("advisory"), /not known/);
  });

  it("does not list what only advises", () => {
    const rules = [configured(noBad, "advisory")];
    const text = renderAuditText(
      reportOf([stateResource("Deployment", "web", { bad: 1 })], { rules }),
      [],
      undefined,
      plain,
    );
    assert.doesNotMatch(text, /Mandatory controls|must not be bad/);
    assert.match(text, /Failed +1 +0 of them mandatory/);
  });

  it("counts failures that it does not list", () => {
    const many = Array.from({ length: 23 }, (_, i) => stateResource("Deployment", `web-${i}`, { bad: 1 }));
    assert.match(renderAuditText(reportOf(many), [], undefined, plain), /\n {2}… and 3 more\n/);
  });

  it("lets no name move the cursor or break a line", () => {
    const text = renderAuditText(
      reportOf([stateResource("Deployment", "a\u001b[2J\nPassed 1000\u202e", { bad: 1 })]),
      [],
      undefined,
      plain,
    );
    assert.doesNotMatch(text, /^Passed 1000/m);
    assert.ok(!/[\p{Cc}\p{Cf}]/u.test(text.replaceAll("\n", "")), text);
  });

  it("has colours on a terminal", () => {
    const text = renderAuditText(
      reportOf([stateResource("Service", "lost")]),
      [],
      undefined,
      pc.createColors(true),
    );
    assert.ok(text.includes(pc.createColors(true).red("critical has-deployment")));
  });
});

describe("renderDiffText", () => {
  const change = {
    rule: "no-bad",
    resource: "urn:a",
    severity: "high",
    mandatory: true,
    before: "pass",
    after: "fail",
    messages: ["Deployment `web` must not be bad."],
  } as const;
  const nothing = { newFailures: [], fixed: [], newlyWaived: [], unclear: [], stillFailing: 0 };

  it("begins with the numbers", () => {
    const diff = {
      ...nothing,
      newFailures: [change, { ...change, resource: "urn:b\u001b[2J" }],
      fixed: [change],
      stillFailing: 3,
    };
    const text = renderDiffText(diff, plain);
    assert.match(
      text,
      /^2 new failures, 1 fixed, 3 as before\n\nNew failures\n {2}no-bad \(high, mandatory, pass → fail\)\n {4}urn:a\n/,
    );
    assert.ok(text.includes("urn:b\\u001b[2J"));
  });

  it("says one of one", () => {
    const diff = { ...nothing, newFailures: [change], newlyWaived: [change], unclear: [change] };
    assert.match(renderDiffText(diff, plain), /^1 new failure, 0 fixed, 1 waived, 1 no longer judged\n/);
  });

  it("says that nothing changed", () =>
    assert.equal(renderDiffText(nothing, plain), "0 new failures, 0 fixed"));
});
