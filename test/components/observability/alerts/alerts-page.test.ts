import { burnThresholds } from "../../../../components/observability/alerts/burn-rate";
import {
  ALERT_NAMES,
  type AlertingRule,
  type RuleGroup,
} from "../../../../components/observability/alerts/rule";
import { objectives, platform, presence, rollout } from "../../../alerts/support/rules";
import { assertReferencePage, table } from "../../../support/reference-page";

/** One of each rule that there is. */
const RULES: readonly AlertingRule[] = [
  ...objectives({ availability: { percent: 99.9 }, latency: { percent: 99, seconds: 0.25 } }),
  ...presence(),
  ...rollout({ strategy: { kind: "canary", interval: 60 }, weights: { blue: 90, green: 10 } }),
  ...platform(),
].flatMap((group: RuleGroup) => group.rules.filter((rule): rule is AlertingRule => "alert" in rule));

/** The sample's names, and Prometheus' templates, as the reader is to see them. */
const readable = (text: string): string =>
  text
    .replace(/\{\{ \$labels\.(\w+) \}\}/g, "*$1*")
    .replaceAll("{{ $value }}", "*value*")
    .replaceAll("models/text", "*namespace/service*")
    .replace("namespace gateways", "*namespace*");

const rows = ALERT_NAMES.flatMap((name) =>
  RULES.filter(({ alert }) => alert === name).map(({ labels, for: patience, annotations }) => [
    `[${name}](runbooks/${name}.md)`,
    `\`${labels.severity}\``,
    patience === "0s" ? "at once" : patience,
    readable(annotations.description),
  ]),
);

const percent = (value: number) => `${Number((100 * value).toPrecision(4))} %`;
const burns = (windowDays: number) =>
  burnThresholds(99.9, windowDays).map(({ severity, long, short, burnRate, ratio }) => [
    `${windowDays} days`,
    `\`${severity}\``,
    `${long} and ${short}`,
    String(Number(burnRate.toPrecision(4))),
    percent(ratio),
  ]);

const PAGE = `# Alerts

An operator is woken (\`severity: page\`) where users suffer or will within hours, and nobody else can help: nothing serves, a promise is about
to be broken, a certificate ends in three days. All else is a ticket for the morning. Every alert has a runbook with the first three commands to
type. \`alertReceivers\` and \`alertRoutes\` say who is told ([config.md](reference/config.md)).

${table(["alert", "severity", "holds for", "meaning"], rows)}

The numbers are the defaults; \`slipway:alerts\` (or \`Monitoring\`'s \`alerts\`) sets others, as [config.md](reference/config.md#alerts) lists them; \`alerts: false\` of \`Monitoring\` leaves only the services' own.
Links lead to the runbooks of the newest release on npm; \`alerts.runbookBaseUrl\` leads to runbooks of your own.

Prometheus asks pods that have an address, and a pod that no node has room for has none. So each service's rules record how many pods it was declared to
have at least (\`service:slipway_servers:minimum\`: its \`replicas\`; of a rollout, those of each slot that gets requests; with Flagger, of the primary), and the
ticket with \`sign="absent"\` compares. Pods that an autoscaler wants beyond that are not counted, nor a service that may sleep: of those,
\`kubectl get pods\` shows as Pending what no node has room for.

## Objectives

\`\`\`yaml
slipway:services:
  - name: text
    objectives:
      availability: { percent: 99.9 }
      latency: { percent: 99, seconds: 0.25 }
      windowDays: 30
\`\`\`

Of a hundred percent, what the objective leaves is the **error budget**: of 99.9 % in 30 days, 43 minutes of outage, or one request in a thousand.
There is no default: a promise that nobody made is no reason to wake anybody. Without objectives, somebody is woken only where nothing serves at all
(\`SlipwayTargetMissing\`, \`SlipwayModelNotReady\`), and the tickets remain.

**Failed** are requests that the server answered with a fault of its own (5xx; gRPC: INTERNAL, UNAVAILABLE, DEADLINE_EXCEEDED), and those that the
gateway answered with 5xx, whatever became of them behind it. What a client did wrong does not count, nor 429. The servers know what became of a gRPC
call, whose HTTP status is always 200; the gateway knows what never reached a server: so both shares are recorded (label \`source\`), and the worse one
counts. Where a service has no ready server, Envoy Gateway answers in its place and counts that for all routes together; as long as it lasts these
answers are taken for this service's. Not so where it may sleep (\`replicas: 0\`): there what wakes it looks the same.

**Slow** are requests that took longer than \`latency.seconds\` between their body being there and their answer being handed to the socket. It must be a bound of
the server's histogram, which knows how many were below its bounds and nothing in between.

The service as a whole makes the promise: of a rollout both slots count that get requests, and the rules follow each switch.

## Burn rates

A burn rate of 1 spends the budget exactly over the window of the objective, 14.4 in two days of 30. An alert looks at a long window, so that enough of the
budget must have gone, and at a short one, so that it ends soon after the trouble does: the method and the numbers of Google's *Site Reliability Workbook*,
chapter 5, "Multiwindow, Multi-Burn-Rate Alerts". For 99.9 %:

${table(["objective over", "severity", "windows", "burn rate", "fires above"], [...burns(30), ...burns(7)])}

- The workbook gives shares of the budget (2 % in an hour, 5 % in six, 10 % in one and in three days); for another \`windowDays\` the rates follow from them. They do
  not go below 2 for a page and 1 for a ticket: of a budget of a few days an hour is a large part anyway. Pairs that look back further than \`windowDays\` are left out.
- No threshold is above 90 %: an objective of 80 % would otherwise never fire.
- Within the long window \`minimumFailures\` (10) requests must have failed. At night, one of three is no reason to get up.
- Prometheus must keep what is looked back on: 3 days; for objectives over 1 or 2 days, 1. Less (\`prometheusRetention\`) is refused at preview.
- Ratios are recorded from rates over five minutes, as \`service:slipway_failed_requests:ratio_rate1h\` and the like, with the labels \`namespace\`, \`service\` and
  \`source\`, ready for a dashboard. They lag behind by those minutes: a total outage is known after about three. Nothing serving at all is known after one and a half.
- The ticket fires along with the page; the platform's Alertmanager keeps a service's tickets back while there is a page about it (\`inhibitTickets\`). A rollout's
  own alerts have \`service="voice"\`, those about a slot's servers the slot's Service, \`service="voice-blue"\`; both have \`rollout="voice"\`, by which its page holds
  them back too. The slots are known by their names: a service of its own that ends in \`-blue\`, \`-green\`, \`-primary\` or \`-canary\` is taken for one.

## What they are checked by

Each expression is parsed with Prometheus' own grammar when the program runs, so that a preview fails rather than a rule. \`test/alerts\` has promtool cases for every alert:
that it fires when it must, and is silent just below its bounds, with little traffic, without data, and once all is well again. Rules are PrometheusRules with the label
\`app.kubernetes.io/part-of: slipway\`: \`<service>-alerts\` beside each service, \`<name>-alerts\` beside Prometheus.
`;

describe("docs/alerts.md", () => {
  it("says what the code does", () => assertReferencePage("docs/alerts.md", PAGE));
});
