import assert from "node:assert";
import { ConfigError } from "../../stacks/config-error";
import { readerOf } from "../../stacks/settings";
import { monitoringArgs } from "../../stacks/monitoring-args";

const IMAGE = `r.example/envoy@sha256:${"a".repeat(64)}`;

function read(values: Record<string, unknown>, profile = "onprem", isSecret = () => true) {
  const texts = Object.entries(values).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return () =>
    monitoringArgs(readerOf(profile, Object.fromEntries(texts) as Record<string, string>, isSecret));
}

const RECEIVERS = { oncall: { pagerDuty: { routingKey: "key-of-pagerduty" } } };

describe("configuration of monitoring", () => {
  it("is read as it is written", () => {
    const args = read({
      alertReceivers: RECEIVERS,
      alertReceiver: "oncall",
      alertRoutes: [{ severity: "page", receiver: "oncall" }],
      alertmanagerReplicas: 2,
      monitoringStorageSize: "20Gi",
      monitoringStorageClass: "encrypted",
      prometheusRetention: "30d",
      externalLabels: { cluster: "eu-1" },
      remoteWrite: [{ url: "https://m.example/push", basic: { username: "u", password: "p" } }],
      monitoringLabels: { release: "stack" },
    })();
    assert.deepEqual(args.storage, { size: "20Gi", storageClass: "encrypted" });
    assert.equal(args.retention, "30d");
    assert.deepEqual(args.externalLabels, { cluster: "eu-1" });
    assert.equal(args.remoteWrite![0]!.basic!.username, "u");
    assert.deepEqual(args.labels, { release: "stack" });
    assert.ok(args.alerting);
    assert.deepEqual(args.alerting.receivers, RECEIVERS);
    assert.equal(args.alerting.replicas, 2);
    assert.deepEqual(args.alerting.storage, { size: "1Gi", storageClass: "encrypted" });
  });

  it("keeps samples on a volume and tells of alerts, but on this machine neither", () => {
    assert.deepEqual(read({})().storage, { size: "50Gi" });
    assert.ok(read({})().alerting);
    assert.equal(read({ monitoringStorageSize: "none" })().storage, undefined);
    assert.equal(read({}, "local")().storage, undefined);
    assert.equal(read({}, "local")().alerting, false);
    assert.ok(read({ alerting: "true" }, "local")().alerting);
  });

  it("takes an existing Prometheus in place of all that one of its own would have", () => {
    const existing = { namespace: "monitoring", podLabels: { app: "prometheus" } };
    const given = read({ existingPrometheus: existing, monitoringLabels: { release: "a" } })();
    const told = Object.entries(given).filter(([, value]) => value !== undefined);
    assert.deepEqual(Object.fromEntries(told), { labels: { release: "a" }, existing });
  });

  it("takes Envoy's image for the way in, where that names none", () => {
    const auth = { basic: { users: { ana: { password: "a long password of ana" } } } };
    assert.deepEqual(read({ monitoringAccess: { auth }, envoyImage: IMAGE })().access, {
      auth,
      proxyImage: IMAGE,
    });
  });

  it("leads people to the port that the gateway has", () => {
    const portOf = (given: Record<string, unknown>, profile?: string) =>
      read(
        { monitoringAccess: { auth: { basic }, proxyImage: IMAGE, ...given }, gatewayPort: "444" },
        profile,
      )().access!.port;
    assert.equal(portOf({}), 444);
    assert.equal(portOf({ port: 8000 }), 8000);
    assert.equal(
      read({ monitoringAccess: { auth: { basic }, proxyImage: IMAGE } }, "local")().access!.port,
      8443,
    );
  });

  const basic = { users: { ana: { password: "a long password of ana" } } };
  const wrong: [string, Record<string, unknown>, string][] = [
    [
      "a receiver of a kind that does not exist",
      { alertReceivers: { a: { teams: {} } } },
      "`slipway:alertReceivers.a.teams` does not exist; there are webhook, slack, pagerDuty, opsgenie, email.",
    ],
    [
      "a receiver with a field that does not exist",
      { alertReceivers: { a: { slack: { apiURL: "https://key" } } } },
      "`slipway:alertReceivers.a.slack.apiURL` does not exist; there are apiUrl, channel, sendResolved.",
    ],
    [
      "a secret that is no text, without a word of it",
      { alertReceivers: { a: { pagerDuty: { routingKey: 123456 } } } },
      "`slipway:alertReceivers.a.pagerDuty.routingKey` must be a text.",
    ],
    [
      "receivers that are no map",
      { alertReceivers: "oncall" },
      "`slipway:alertReceivers` must be a map of receivers by their names.",
    ],
    [
      "pods without a port",
      { alertReceivers: { a: { webhook: { url: "https://a", pods: { namespace: "n", podLabels: {} } } } } },
      "`slipway:alertReceivers.a.webhook.pods.port` is missing: a number. ",
    ],
    [
      "receivers of what there is not",
      { alerting: "false", alertReceivers: RECEIVERS },
      "`slipway:alertReceivers` would be told of nothing: set `slipway:alerting` to true, or leave them out.",
    ],
    [
      "a route without a receiver",
      { alertRoutes: [{ severity: "page" }] },
      "`slipway:alertRoutes[0].receiver` is missing: a text. Name of the receiver.",
    ],
    [
      "a password of a receiver of samples that is missing",
      { remoteWrite: [{ url: "https://m", basic: { username: "u" } }] },
      "`slipway:remoteWrite[0].basic.password` is missing: a text. ",
    ],
    [
      "a label that is no text",
      { monitoringLabels: { release: 1 } },
      "`slipway:monitoringLabels.release` must be a text.",
    ],
    [
      "a way in that asks nobody",
      { monitoringAccess: { proxyImage: IMAGE } },
      "`slipway:monitoringAccess.auth` is missing: a map. How people prove who they are: `basic`, or `oidc` with `jwt`, with the fields of `auth` of an ApiGateway.",
    ],
    [
      "a way in by keys, which browsers have not",
      { monitoringAccess: { proxyImage: IMAGE, auth: { apiKeys: {} } } },
      "`slipway:monitoringAccess.auth.apiKeys` does not exist; there are basic, jwt, oidc.",
    ],
    [
      "a way in without Envoy's image",
      { monitoringAccess: { auth: { basic } } },
      "`slipway:monitoringAccess.proxyImage` is missing, and so is `slipway:envoyImage`: Envoy's image, with a digest.",
    ],
    [
      "a user without a password",
      { monitoringAccess: { proxyImage: IMAGE, auth: { basic: { users: { bo: {} } } } } },
      "`slipway:monitoringAccess.auth.basic.users.bo.password` is missing: a text. ",
    ],
  ];
  for (const [what, values, message] of wrong) {
    it(`refuses ${what}`, () => {
      assert.throws(read(values), (error) => {
        assert.ok(error instanceof ConfigError);
        assert.equal(error.message, message);
        return true;
      });
    });
  }

  it("refuses an existing Prometheus in a cluster that is new", () => {
    assert.throws(read({ existingPrometheus: { namespace: "m" } }, "aws"), {
      message:
        "`slipway:existingPrometheus` is for profile `onprem`: the cluster of profile `aws` has none yet.",
    });
  });

  it("refuses secrets that are not encrypted, but in what this machine completes itself", () => {
    const inTheOpen = () => false;
    assert.throws(read({ alertReceivers: RECEIVERS }, "onprem", inTheOpen), {
      message:
        "`slipway:alertReceivers` holds secrets: set it with `pulumi config set --secret slipway:alertReceivers JSON`, which encrypts it.",
    });
    assert.ok(read({ alertReceivers: RECEIVERS, alerting: "true" }, "local", inTheOpen)().alerting);
  });
});
