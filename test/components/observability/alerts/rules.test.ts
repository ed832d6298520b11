import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ERRORS } from "../../../../runtime/errors";
import {
  ALERT_NAMES,
  alerting,
  duration,
  plain,
  recording,
  ruleGroup,
  selector,
  type AlertingRule,
} from "../../../../components/observability/alerts/rule";
import { promqlProblem } from "../../../../rollout/gates/promql";
import { BASE_URL, objectives, platform, presence, rollout } from "../../../alerts/support/rules";

const GROUPS = [
  ...platform({ qualityBounds: { accuracy: 0.9, mae: 3 } }),
  ...presence(),
  ...objectives({ availability: { percent: 99.9 }, latency: { percent: 99, seconds: 0.25 } }),
  ...rollout({ strategy: { kind: "canary", interval: 60 }, weights: { blue: 90, green: 10 } }),
];
const RULES = GROUPS.flatMap(({ rules }) => rules);
const ALERTS = RULES.filter((rule): rule is AlertingRule => "alert" in rule);
const DOCUMENTED = new Set(
  readFileSync(join(__dirname, "../../../../docs/reference/server.md"), "utf8").match(/\bslipway_[a-z_]+/g),
);

describe("rules of alerts", () => {
  it("are there for every alert that has a name", () => {
    assert.deepEqual([...new Set(ALERTS.map(({ alert }) => alert))].sort(), [...ALERT_NAMES].sort());
  });

  it("are PromQL", () => {
    for (const { expr } of RULES) assert.equal(promqlProblem(expr), undefined, expr);
  });

  it("are refused where they are not", () => {
    const alert = {
      name: "SlipwayGpuErrors",
      severity: "page",
      for: "1m",
      summary: "",
      description: "",
    } as const;
    assert.throws(() => ruleGroup("own", 30, [alerting({ ...alert, expr: "rate(up) > 0" }, BASE_URL)]), {
      message:
        'alert SlipwayGpuErrors of group "own": `rate(up) > 0` is not PromQL: character 6: rate takes a range vector, not an instant vector; give it a range, as in up[5m]',
    });
    assert.throws(() => ruleGroup("own", 30, [recording("a:b:c", "sum(")]), {
      message: /^recording rule a:b:c of group "own": `sum\(` is not PromQL: /,
    });
  });

  it("ask for metrics that the server has", () => {
    for (const { expr } of RULES) {
      for (const [metric] of expr.matchAll(/(?<!:)\bslipway_[a-z_]+/g))
        assert.ok(DOCUMENTED.has(metric.replace(/_(bucket|count)$/, "")), metric);
    }
  });

  it("count what the server calls reasons to refuse", () => {
    const reasons = ["QueueFull", "Overloaded"] as const;
    for (const reason of reasons) assert.equal(ERRORS[reason].http, 503);
    assert.ok(ALERTS.some(({ expr }) => expr.includes(`reason=~"${reasons.join("|")}"`)));
  });

  it("say whom to wake, what is wrong and what to do", () => {
    for (const { alert, labels, annotations } of ALERTS) {
      assert.match(labels.severity!, /^(page|ticket)$/);
      assert.match(annotations.summary, /^[^\n]{10,260}$/, alert);
      assert.match(annotations.description, /^[^\n]{40,}\.$/, alert);
      assert.equal(annotations.runbook_url, `${BASE_URL}/${alert}.md`);
    }
  });

  it("wake nobody for what the objectives tell, and know of an outage within two minutes", () => {
    const pages = new Set(
      ALERTS.filter(({ labels }) => labels.severity === "page").map(({ alert }) => alert),
    );
    assert.deepEqual([...pages].sort(), [
      "SlipwayAvailabilityBudgetBurn",
      "SlipwayCertificateExpiring",
      "SlipwayLatencyBudgetBurn",
      "SlipwayModelNotReady",
      "SlipwayTargetMissing",
    ]);
    for (const { interval, rules } of GROUPS) {
      const outages = rules.filter(
        (rule) =>
          "alert" in rule &&
          rule.labels.severity === "page" &&
          /ModelNotReady|TargetMissing/.test(rule.alert),
      );
      for (const rule of outages) assert.deepEqual([interval, (rule as AlertingRule).for], ["15s", "1m"]);
    }
  });

  it("are told apart by name and labels within a group, and groups by name", () => {
    for (const { rules } of GROUPS) {
      const keys = rules.map((rule) =>
        JSON.stringify("alert" in rule ? [rule.alert, rule.labels] : [rule.record, rule.labels, rule.expr]),
      );
      assert.equal(new Set(keys).size, keys.length, keys.join("\n"));
    }
    assert.equal(new Set(GROUPS.map(({ name }) => name)).size, GROUPS.length);
  });
});

describe("parts of rules", () => {
  it("are written as Prometheus reads them", () => {
    assert.equal(selector({ a: "x", b: ["y", "z"], c: ["w"] }), '{a="x",b=~"y|z",c="w"}');
    assert.equal(selector({ a: 'x"y\\' }), '{a="x\\"y\\\\"}');
    assert.equal(selector({ a: ["x.y", "z"] }), '{a=~"x\\\\.y|z"}');
    assert.deepEqual([60, 90, 3600, 5400, 86_400, 1].map(duration), ["1m", "90s", "1h", "90m", "1d", "1s"]);
    assert.equal(plain(14.4 * (1 - 0.999)), "0.0144");
  });
});
