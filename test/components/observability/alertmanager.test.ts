import assert from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { Monitoring, type AlertingSettings, type MonitoringArgs } from "../../../components";
import { encodedReceivers, receiverSecrets } from "../../../components/internal/alertmanager-receivers";
import { declare, type Declaration } from "../support/declared";
import { DIGEST } from "../support/examples";

const URL_WITH_KEY = "https://hooks.example.com/T0/B0/abcdef";
const TOKEN = "token-of-the-webhook";

const RECEIVERS: AlertingSettings["receivers"] = {
  oncall: { pagerDuty: { routingKey: "0123456789abcdef" } },
  team: { slack: { apiUrl: URL_WITH_KEY, channel: "#models" } },
  robot: { webhook: { url: "https://robot.example.com:8443/alerts", bearerToken: TOKEN } },
};

const ROUTED: AlertingSettings = {
  receivers: RECEIVERS,
  receiver: "team",
  routes: [
    { severity: "page", receiver: "oncall", repeatInterval: "1h" },
    { matchers: ['service="text"', "alertname=~Slipway.+"], receiver: "robot", continue: true },
  ],
};

function monitoring(alerting?: AlertingSettings | false, more: Partial<MonitoringArgs> = {}) {
  return () =>
    new Monitoring("prometheus", {
      namespace: "m",
      servicesNamespace: "s",
      ...(alerting === undefined ? {} : { alerting }),
      ...more,
    });
}

const configOf = (declared: Declaration) => declared.object("AlertmanagerConfig", "prometheus-alertmanager");

const plain = (value: unknown): unknown =>
  pulumi.runtime.isRpcSecret(value) ? pulumi.runtime.unwrapRpcSecret(value) : value;

describe("Alertmanager of Monitoring", () => {
  let routed: Declaration;
  before(async () => {
    routed = await declare(monitoring(ROUTED));
  });

  it("is there without receivers, closed, and tells nobody", async () => {
    const declared = await declare(monitoring());
    const { spec } = declared.object("Alertmanager", "prometheus");
    assert.equal(spec.replicas, 1);
    assert.equal(spec.automountServiceAccountToken, false);
    assert.equal(spec.securityContext.runAsNonRoot, true);
    assert.equal(spec.resources.limits.memory, "256Mi");
    assert.equal(spec.image ?? spec.version ?? spec.storage ?? spec.containers, undefined);
    assert.equal(declared.kind("AlertmanagerConfig").length, 0);
    assert.equal(declared.kind("Secret").length, 0);
    const flows = declared.object("NetworkPolicy", "prometheus-alertmanager").spec;
    assert.deepEqual(
      flows.ingress.map(({ ports }: { ports: { port: number }[] }) => ports.map(({ port }) => port)),
      [[9093]],
    );
    // DNS, and nothing else.
    assert.equal(flows.egress.length, 1);
  });

  it("is found by Prometheus, which may look for it and reach it", () => {
    const { spec } = routed.object("Prometheus", "prometheus");
    assert.deepEqual(spec.alerting, {
      alertmanagers: [{ namespace: "m", name: "prometheus-alertmanager", port: "web", apiVersion: "V2" }],
    });
    const role = routed.kind("Role").find(({ inputs }) => inputs.metadata.namespace === "m");
    assert.deepEqual(role?.inputs.rules[1].resources, ["endpointslices"]);
    assert.ok(
      routed
        .object("NetworkPolicy", "prometheus")
        .spec.egress.some(
          ({ to, ports }: { to: { podSelector?: { matchLabels: object } }[]; ports: { port: number }[] }) =>
            ports[0]!.port === 9093 && "alertmanager" in (to[0]?.podSelector?.matchLabels ?? {}),
        ),
    );
  });

  it("is left out where it is not wanted, and so is everything for it", async () => {
    const declared = await declare(monitoring(false));
    assert.equal(declared.kind("Alertmanager").length, 0);
    assert.equal(declared.object("Prometheus", "prometheus").spec.alerting, undefined);
    assert.deepEqual(
      declared.kind("Role").map(({ inputs }) => inputs.metadata.namespace),
      ["s"],
    );
  });

  it("routes alerts of every namespace, in the order given, and the rest to the default receiver", () => {
    const { spec } = routed.object("Alertmanager", "prometheus");
    assert.deepEqual(spec.alertmanagerConfigMatcherStrategy, { type: "None" });
    const { metadata, spec: config } = configOf(routed);
    for (const [key, value] of Object.entries(spec.alertmanagerConfigSelector.matchLabels))
      assert.equal(metadata.labels[key], value);
    assert.deepEqual(config.route, {
      receiver: "team",
      groupBy: ["namespace", "service", "alertname"],
      groupWait: "30s",
      groupInterval: "5m",
      repeatInterval: "4h",
      routes: [
        {
          receiver: "oncall",
          matchers: [{ name: "severity", matchType: "=", value: "page" }],
          repeatInterval: "1h",
        },
        {
          receiver: "robot",
          matchers: [
            { name: "service", matchType: "=", value: "text" },
            { name: "alertname", matchType: "=~", value: "Slipway.+" },
          ],
          continue: true,
        },
      ],
    });
  });

  it("holds back the tickets of a service or rollout while there is a page for it, and of none never", async () => {
    assert.deepEqual(
      configOf(routed).spec.inhibitRules,
      ["service", "rollout"].map((label) => ({
        sourceMatch: [
          { name: "severity", matchType: "=", value: "page" },
          { name: label, matchType: "=~", value: ".+" },
        ],
        targetMatch: [{ name: "severity", matchType: "=", value: "ticket" }],
        equal: ["namespace", label],
      })),
    );
    const without = await declare(monitoring({ ...ROUTED, inhibitTickets: false }));
    assert.deepEqual(configOf(without).spec.inhibitRules, []);
  });

  it("takes the only receiver for the default one", async () => {
    const declared = await declare(monitoring({ receivers: { oncall: RECEIVERS!.oncall! } }));
    assert.equal(configOf(declared).spec.route.receiver, "oncall");
  });

  it("keeps addresses, keys and tokens in one Secret, and nowhere else", () => {
    const [secret, ...others] = routed.kind("Secret");
    assert.equal(others.length, 0);
    assert.ok(pulumi.runtime.isRpcSecret(secret!.inputs.data));
    const data = plain(secret!.inputs.data) as Record<string, string>;
    const texts = Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]),
    );
    assert.deepEqual(texts, {
      "oncall.pagerduty-key": "0123456789abcdef",
      "team.slack-url": URL_WITH_KEY,
      "robot.webhook-url": "https://robot.example.com:8443/alerts",
      "robot.webhook-token": TOKEN,
    });
    const { receivers } = configOf(routed).spec;
    const ref = (key: string) => ({ name: "prometheus-alertmanager-receivers-chosen", key });
    assert.deepEqual(receivers[2], {
      name: "robot",
      webhookConfigs: [
        {
          urlSecret: ref("robot.webhook-url"),
          sendResolved: true,
          httpConfig: {
            followRedirects: false,
            authorization: { type: "Bearer", credentials: ref("robot.webhook-token") },
          },
        },
      ],
    });
    const rest = JSON.stringify(routed.resources.filter((resource) => resource !== secret));
    for (const text of [URL_WITH_KEY, TOKEN, "0123456789abcdef"]) assert.ok(!rest.includes(text), text);
  });

  it("reaches receivers on their ports, pods of the cluster alone where they are named, and no metadata service", async () => {
    const egress = (declared: Declaration) =>
      declared.object("NetworkPolicy", "prometheus-alertmanager").spec.egress.slice(1);
    assert.deepEqual(egress(routed), [
      {
        to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }],
        ports: [
          { protocol: "TCP", port: 443 },
          { protocol: "TCP", port: 8443 },
        ],
      },
    ]);
    const inside = await declare(
      monitoring({
        receiverCidrs: ["203.0.113.0/24"],
        receiver: "mail",
        routes: [{ severity: "page", receiver: "hook" }],
        receivers: {
          hook: {
            webhook: {
              url: pulumi.secret("http://hook.tools:8080/a"),
              insecure: true,
              pods: { namespace: "tools", podLabels: { app: "hook" }, port: 8080 },
            },
          },
          mail: {
            email: { to: ["a@example.com"], from: "b@example.com", smarthost: "mail.example.com:587" },
          },
        },
      }),
    );
    assert.deepEqual(egress(inside), [
      { to: [{ ipBlock: { cidr: "203.0.113.0/24" } }], ports: [{ protocol: "TCP", port: 587 }] },
      {
        to: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "tools" } },
            podSelector: { matchLabels: { app: "hook" } },
          },
        ],
        ports: [{ protocol: "TCP", port: 8080 }],
      },
    ]);
  });

  it("is a cluster of its own where there are several, spread and never drained at once", async () => {
    const image = `r.example/alertmanager@${DIGEST}`;
    const declared = await declare(
      monitoring({
        replicas: 3,
        image,
        version: "0.33.0",
        nodePort: 30_903,
        storage: { size: "1Gi", storageClass: "encrypted" },
      }),
    );
    const { spec } = declared.object("Alertmanager", "prometheus");
    assert.equal(spec.image, image);
    assert.equal(spec.topologySpreadConstraints[0].whenUnsatisfiable, "ScheduleAnyway");
    assert.deepEqual(spec.storage.volumeClaimTemplate.spec, {
      accessModes: ["ReadWriteOnce"],
      storageClassName: "encrypted",
      resources: { requests: { storage: "1Gi" } },
    });
    const budget = declared.object("PodDisruptionBudget", "prometheus-alertmanager").spec;
    assert.equal(budget.maxUnavailable, 1);
    const { ingress, egress } = declared.object("NetworkPolicy", "prometheus-alertmanager").spec;
    for (const rule of [ingress.at(-1), egress.at(-1)])
      assert.deepEqual(rule.ports, [
        { protocol: "TCP", port: 9094 },
        { protocol: "UDP", port: 9094 },
      ]);
    assert.equal(declared.object("Service", "prometheus-alertmanager").spec.ports[0].nodePort, 30_903);
  });

  it("refuses an address that is known only later, without a word of it", () => {
    const secrets = receiverSecrets({ a: { webhook: { url: pulumi.secret("http://secret.example") } } });
    assert.throws(() => encodedReceivers("prometheus", secrets, ["http://secret.example"]), {
      message:
        '"prometheus": `alerting.receivers.a.webhook.url`: is an http address, over which alerts and tokens can be read: it must be https, or `insecure` must be true',
    });
  });

  const slack = { slack: { apiUrl: URL_WITH_KEY } };
  const two = { a: slack, b: slack };
  const wrong: [string, AlertingSettings, string][] = [
    [
      "a receiver that tells nobody",
      { receivers: { a: {} } },
      "`alerting.receivers.a`: tells nobody: it must have webhook, slack, pagerDuty, opsgenie or email",
    ],
    [
      "a receiver's name that is no key of a Secret",
      { receivers: { "on call": slack } },
      "`alerting.receivers.on call`: must be named by 1 to 63 letters, digits and dashes, a letter or digit first and last",
    ],
    [
      "several receivers without a default",
      { receivers: two, routes: [{ severity: "page", receiver: "a" }] },
      "`alerting.receiver`: must name who is told of what no route takes: one of a, b",
    ],
    [
      "a default receiver that does not exist",
      { receiver: "c", receivers: { a: slack }, routes: [{ severity: "page", receiver: "a" }] },
      '`alerting.receiver`: "c" is no receiver: there are a',
    ],
    [
      "a route to a receiver that does not exist",
      { receivers: { a: slack }, routes: [{ severity: "page", receiver: "oncall" }] },
      '`alerting.routes[0].receiver`: "oncall" is no receiver: there are a',
    ],
    [
      "a route without any receivers",
      { routes: [{ severity: "page", receiver: "a" }] },
      '`alerting.routes[0].receiver`: "a" is no receiver: there are none',
    ],
    [
      "a route that every alert would take",
      { receivers: { a: slack }, routes: [{ receiver: "a" }] },
      "`alerting.routes[0]`: must have `severity` or `matchers`: every alert that no route takes goes to `receiver`",
    ],
    [
      "a route that no alert can reach",
      {
        receivers: two,
        receiver: "a",
        routes: [
          { severity: "page", receiver: "a" },
          { severity: "page", matchers: ['service="x"'], receiver: "b" },
        ],
      },
      "`alerting.routes[1]`: gets no alert: routes[0] takes all of them; put it behind, or let that one `continue`",
    ],
    [
      "a receiver that is told of nothing",
      { receivers: two, receiver: "a" },
      "`alerting.receivers.b`: is told of nothing: neither `receiver` nor a route names it",
    ],
    [
      "an urgency that does not exist",
      { receivers: { a: slack }, routes: [{ severity: "urgent" as "page", receiver: "a" }] },
      '`alerting.routes[0].severity`: "urgent" must be one of page, ticket',
    ],
    [
      "a matcher without a comparison",
      { receivers: { a: slack }, routes: [{ matchers: ["service"], receiver: "a" }] },
      '`alerting.routes[0].matchers[0]`: "service" must be a label, one of = != =~ !~ and a value, as in service="text"',
    ],
    [
      "a matcher that is no expression",
      { receivers: { a: slack }, routes: [{ matchers: ['a=~"("'], receiver: "a" }] },
      '`alerting.routes[0].matchers[0]`: "a=~\\"(\\"" must have a regular expression (RE2) as its value',
    ],
    [
      "an urgency twice",
      {
        receivers: { a: slack },
        routes: [{ severity: "page", matchers: ["severity=ticket"], receiver: "a" }],
      },
      "`alerting.routes[0].matchers[0]`: is about `severity`, which is given beside it",
    ],
    [
      "a webhook over http",
      { receivers: { a: { webhook: { url: "http://hook:8080" } } } },
      "`alerting.receivers.a.webhook.url`: is an http address, over which alerts and tokens can be read: it must be https, or `insecure` must be true",
    ],
    [
      "a webhook's address that is none",
      { receivers: { a: { webhook: { url: "hook" } } } },
      '`alerting.receivers.a.webhook.url`: must be an https address, as in "https://example.com/alerts"',
    ],
    [
      "a password in an address",
      { receivers: { a: { webhook: { url: "https://a:b@hook.example" } } } },
      "`alerting.receivers.a.webhook.url`: must hold no user name and no password: use `bearerToken`",
    ],
    [
      "an empty key",
      { receivers: { a: { pagerDuty: { routingKey: "" } } } },
      "`alerting.receivers.a.pagerDuty.routingKey`: must be printable characters without blanks, at least one",
    ],
    [
      "a mail server without a port",
      { receivers: { a: { email: { to: ["a@b.c"], from: "a@b.c", smarthost: "mail" } } } },
      '`alerting.receivers.a.email.smarthost`: "mail" must be HOST:PORT, as in "mail.example.com:587"',
    ],
    [
      "a user of a mail server without a password",
      { receivers: { a: { email: { to: ["a@b.c"], from: "a@b.c", smarthost: "mail:25", username: "u" } } } },
      "`alerting.receivers.a.email.username`: must be given with `password`, and that with it",
    ],
    ["too many pods", { replicas: 10 }, "`alerting.replicas`: 10 must be a whole number from 1 to 9"],
    [
      "days, which Alertmanager does not know",
      { retention: "5d" },
      '`alerting.retention`: "5d" must be a duration of hours, minutes or seconds, as in "120h"',
    ],
    [
      "repeating what is forgotten",
      { retention: "1h", repeatInterval: "2h" },
      '`alerting.repeatInterval`: "2h" must be <= `retention` ("1h"): what has been told is forgotten after that',
    ],
    [
      "no time at all",
      { groupInterval: "0s" },
      '`alerting.groupInterval`: "0s" must be a duration above zero, as in "5m"',
    ],
    [
      "all labels and one",
      { groupBy: ["...", "service"] },
      '`alerting.groupBy`: "..." stands for all labels: nothing can be beside it',
    ],
    [
      "a volume of no size",
      { storage: { size: "big" } },
      '`alerting.storage.size`: "big" must be a memory quantity, as in "50Gi"',
    ],
    [
      "an image without a digest",
      { image: "alertmanager:1" },
      '`alerting.image`: "alertmanager:1" must end in a digest (@sha256:<64 hex digits>): a tag can be moved',
    ],
  ];
  for (const [what, alerting, message] of wrong) {
    it(`refuses ${what}`, () =>
      declare(() => assert.throws(monitoring(alerting), { message: `Monitoring "prometheus": ${message}` })));
  }
});
