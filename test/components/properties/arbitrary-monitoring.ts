import * as fc from "fast-check";
import type {
  AlertReceiver,
  AlertingSettings,
  MonitoringAccess,
  MonitoringSettings,
  RemoteWrite,
} from "../../../components";
import { CERTIFICATE } from "../support/callers";
import { IMAGE } from "../support/examples";
import { arbitraryAuth, hostName, label, maybe } from "./arbitrary-auth";
import type { Mistake } from "./arbitrary-mistakes";

const port = fc.integer({ min: 1, max: 65_535 });
const nodePort = fc.integer({ min: 30_000, max: 32_767 });
const https = fc
  .tuple(hostName, port, fc.stringMatching(/^[a-z0-9/._-]{0,20}$/))
  .map(([host, at, path]) => `https://${host}.example:${at}/${path}`);
const key = fc.stringMatching(/^[\x21-\x7e]{1,40}$/);
const duration = fc.constantFrom("15s", "1m", "1h30m", "2h");
const labelName = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9_]{0,20}$/);
const podLabels = fc.dictionary(label(10), label(10), { minKeys: 1, maxKeys: 3, noNullPrototype: true });
const pods = fc.record({ namespace: label(), podLabels, port });
const cidr = fc
  .tuple(fc.integer({ min: 1, max: 223 }), fc.integer({ min: 0, max: 255 }))
  .map(([a, b]) => `${a}.${b}.0.0/16`);
const storage = fc.record(
  { size: fc.constantFrom("1Gi", "50Gi", "2Ti", "1000000000"), storageClass: hostName },
  { requiredKeys: ["size"] },
);

const webhook = fc.oneof(
  fc.record(
    { url: https, bearerToken: key, sendResolved: fc.boolean(), maxAlerts: fc.nat() },
    { requiredKeys: ["url"] },
  ),
  fc.record({
    url: hostName.map((host) => `http://${host}.example:8080`),
    insecure: fc.constant(true),
    pods,
  }),
);
const mail = fc.constantFrom("a@example.com", "on.call+b@mail.example");
const email = fc
  .tuple(fc.array(mail, { minLength: 1, maxLength: 3 }), mail, hostName, port, fc.boolean())
  .map(([to, from, host, at, known]) => ({
    to,
    from,
    smarthost: `${host}:${at}`,
    ...(known ? { username: "u", password: "p" } : {}),
  }));

const receiver: fc.Arbitrary<AlertReceiver> = fc.oneof(
  fc.record({ webhook }),
  fc.record({ email }),
  fc.record({ slack: fc.record({ apiUrl: https, channel: fc.constantFrom("#a", "@b") }) }),
  fc.record({
    pagerDuty: fc.record({ routingKey: key, url: https }, { requiredKeys: ["routingKey"] }),
    opsgenie: fc.record(
      { apiKey: key, apiUrl: https, priority: fc.constantFrom("P1" as const, "P5" as const) },
      { requiredKeys: ["apiKey"] },
    ),
  }),
);

const grouping = fc.record(
  {
    groupBy: fc.oneof(fc.constant(["..."]), fc.uniqueArray(labelName, { maxLength: 4 })),
    groupWait: duration,
    groupInterval: duration,
    repeatInterval: duration,
  },
  { requiredKeys: [] },
);

const matcher = fc
  .tuple(labelName, fc.constantFrom("=", "!=", "=~", "!~"), fc.stringMatching(/^[a-z0-9.]{0,10}$/))
  .map(([name, comparison, value]) => `${name}${comparison}"${value}"`)
  .filter((text) => !text.startsWith("severity"));

/** Receivers by number, a route to each but the last, which is the default one. */
const told: fc.Arbitrary<AlertingSettings> = fc
  .tuple(
    fc.array(fc.tuple(receiver, grouping, fc.uniqueArray(matcher, { minLength: 1, maxLength: 3 })), {
      minLength: 1,
      maxLength: 4,
    }),
    fc.boolean(),
  )
  .map(([all, goOn]) => ({
    receivers: Object.fromEntries(all.map(([one], i) => [`r${i}`, one])),
    receiver: `r${all.length - 1}`,
    // A label of its own for each, so that none takes what is another's.
    routes: all.slice(0, -1).map(([, how, matchers], i) => ({
      ...how,
      receiver: `r${i}`,
      matchers: [...matchers, `own="${i}"`],
      continue: goOn,
    })),
  }));

const alertmanager: fc.Arbitrary<AlertingSettings> = fc.record(
  {
    groupBy: fc.uniqueArray(labelName, { maxLength: 4 }),
    groupWait: duration,
    groupInterval: duration,
    repeatInterval: duration,
    inhibitTickets: fc.boolean(),
    receiverCidrs: fc.array(cidr, { minLength: 1, maxLength: 2 }),
    image: fc.constant(IMAGE),
    version: fc.constant("0.33.0"),
    replicas: fc.integer({ min: 1, max: 9 }),
    retention: fc.constant("120h"),
    storage,
    cpuRequest: fc.constant("50m"),
    memoryRequest: fc.constant("64Mi"),
    memoryLimit: fc.constant("1Gi"),
    nodePort,
  },
  { requiredKeys: [] },
);

const alerting = fc.oneof(
  fc.constant(false as const),
  alertmanager,
  fc.tuple(alertmanager, told).map(([how, whom]) => ({ ...how, ...whom })),
);

const way = fc.oneof(
  fc.constant({}),
  fc.record({ basic: fc.record({ username: key, password: key }) }),
  fc.record({ bearerToken: key }),
  fc.record({
    sigv4: fc.oneof(
      fc.record({ region: fc.constantFrom("eu-central-1", "us-gov-west-1") }),
      fc.record({ region: fc.constant("eu-west-2"), accessKey: key, secretKey: key }),
    ),
  }),
);
const tls = fc.record(
  { caCertificates: fc.constant(CERTIFICATE), serverName: hostName },
  { requiredKeys: [] },
);
const remoteWrite: fc.Arbitrary<readonly RemoteWrite[]> = fc
  .array(fc.tuple(https, way, maybe(tls), maybe(pods)), { maxLength: 3 })
  .map((all) =>
    all.map(([url, how, trust, inside], i) => ({
      url,
      name: `receiver-${i}`,
      ...how,
      ...(trust === undefined ? {} : { tls: trust }),
      ...(inside === undefined ? {} : { pods: inside }),
    })),
  );

const grafana = fc.record(
  {
    service: label(),
    namespace: label(),
    port,
    caCertificates: fc.constant(CERTIFICATE),
    hostName,
    pods: fc.record({ podLabels, port }),
  },
  { requiredKeys: ["service", "namespace", "caCertificates"] },
);
const access: fc.Arbitrary<MonitoringAccess> = fc.record(
  {
    host: hostName,
    auth: arbitraryAuth.filter((auth) => (auth.basic ?? auth.jwt) !== undefined && !auth.apiKeys),
    proxyImage: fc.constant(IMAGE),
    grafana,
  },
  { requiredKeys: ["auth", "proxyImage"] },
);

const own: fc.Arbitrary<MonitoringSettings> = fc.record(
  {
    retention: fc.constantFrom("7d", "1y", "36h"),
    retentionSize: fc.constantFrom("500MiB", "900MB"),
    storage,
    replicas: fc.integer({ min: 1, max: 9 }),
    externalLabels: fc.dictionary(labelName, label(10), { maxKeys: 3, noNullPrototype: true }),
    remoteWrite,
    labels: fc.dictionary(label(10), label(10), { maxKeys: 2, noNullPrototype: true }),
    nodePort,
    readerCidrs: fc.array(cidr, { maxLength: 2 }),
    alerting,
    access,
  },
  { requiredKeys: [] },
);

const existing: fc.Arbitrary<MonitoringSettings> = fc.record({
  existing: fc.record(
    { namespace: label(), podLabels, service: label(), port },
    { requiredKeys: ["namespace"] },
  ),
  labels: fc.dictionary(label(10), label(10), { maxKeys: 2, noNullPrototype: true }),
});

/** Monitoring with nothing wrong. */
export const arbitraryMonitoring: fc.Arbitrary<MonitoringSettings> = fc.oneof(
  { arbitrary: own, weight: 4 },
  { arbitrary: existing, weight: 1 },
);

const beyond = (most: number) => fc.constantFrom(0, -1, 1.5, most + 1, NaN, Infinity);
const at = (path: string, values: fc.Arbitrary<unknown>): fc.Arbitrary<Mistake> =>
  values.map((value) => [path, { existing: undefined, [path]: value }]);
const alerts = (path: string, change: AlertingSettings): Mistake => [
  `alerting.${path}`,
  { existing: undefined, alerting: change },
];
const slack = { slack: { apiUrl: "https://hooks.example/x" } };

/** Mistakes in what Monitoring is told. */
export const monitoringMistake: fc.Arbitrary<Mistake> = fc.oneof(
  at("replicas", beyond(9)),
  at("nodePort", fc.constantFrom(0, 29_999, 32_768, NaN)),
  at("retention", fc.constantFrom("", "a week", "1.5d", "-1h")),
  at("image", fc.constantFrom("", "prometheus", "prometheus:v3")),
  fc
    .constantFrom("", "much", "0", "-1Gi")
    .map((size): Mistake => ["storage.size", { existing: undefined, storage: { size } }]),
  fc
    .constantFrom("http://a.example", "", "ftp://a", "https://a b")
    .map((url): Mistake => ["remoteWrite[0].url", { existing: undefined, remoteWrite: [{ url }] }]),
  fc
    .constantFrom("a-b", "__a", "1a", "")
    .map((name): Mistake => [
      `externalLabels.${name}`,
      { existing: undefined, externalLabels: { [name]: "x" } },
    ]),
  beyond(9).map((replicas) => alerts("replicas", { replicas })),
  fc
    .constantFrom("http://a.example", "", "hook", "https://a:b@c.example")
    .map((url) => alerts("receivers.a.webhook.url", { receivers: { a: { webhook: { url } } } })),
  fc.constantFrom<Mistake>(
    alerts("receivers.a", { receivers: { a: {} } }),
    alerts("receiver", { receivers: { a: slack, b: slack } }),
    alerts("routes[0].receiver", { receivers: { a: slack }, routes: [{ severity: "page", receiver: "b" }] }),
    alerts("routes[0]", { receivers: { a: slack }, routes: [{ receiver: "a" }] }),
    alerts("retention", { retention: "5d" }),
    ["access.auth", { existing: undefined, access: { auth: {}, proxyImage: IMAGE } }],
    ["existing.podLabels", { existing: { namespace: "m", podLabels: {} } }],
    ["retention", { existing: { namespace: "m" }, retention: "7d" }],
  ),
);
