import type {
  AlertReceiver,
  AlertRoute,
  ExistingGrafana,
  ExistingPrometheus,
  MonitoringAccess,
  RemoteWrite,
} from "../components";
import { ConfigError } from "./config-error";
import { checkFields, isRecord, type Field } from "./fields";

type Fields<T> = Readonly<Record<keyof T & string, Field>>;

/** Kinds of a receiver of alerts, with the fields of each. */
export const RECEIVER_FIELDS = {
  webhook: {
    url: {
      type: "text",
      required: true,
      doc: "Address of the program that alerts are posted to, `https` unless `insecure`; a secret.",
    },
    bearerToken: { type: "text", doc: "Sent as `Authorization: Bearer …`; a secret." },
    insecure: { type: "flag", default: "`false`", doc: "Whether the address may be `http`." },
    pods: {
      type: "map",
      doc: "Where it runs in the cluster: `{ namespace, podLabels, port }`; Alertmanager may connect to these pods.",
    },
    sendResolved: { type: "flag", default: "`true`", doc: "Whether it is told that an alert is over." },
    maxAlerts: { type: "number", default: "`0`", doc: "Alerts in one call at most; 0 for all." },
  },
  slack: {
    apiUrl: { type: "text", required: true, doc: "Address of the incoming webhook; a secret." },
    channel: { type: "text", default: "the webhook's own", doc: "Channel or user, as in `#models`." },
    sendResolved: {
      type: "flag",
      default: "`true`",
      doc: "Whether the channel is told that an alert is over.",
    },
  },
  pagerDuty: {
    routingKey: { type: "text", required: true, doc: "The integration's key (Events API v2); a secret." },
    url: { type: "text", default: "PagerDuty's own", doc: "Address of the events API." },
  },
  opsgenie: {
    apiKey: { type: "text", required: true, doc: "The integration's key; a secret." },
    apiUrl: { type: "text", default: "Opsgenie's own", doc: "Address of the API." },
    priority: { type: "text", default: "`P3`", doc: "`P1` to `P5`." },
  },
  email: {
    to: { type: "list of texts", required: true, doc: "Addresses, at least one." },
    from: { type: "text", required: true, doc: "Address of the sender." },
    smarthost: { type: "text", required: true, doc: "The mail server, `HOST:PORT`; it must offer STARTTLS." },
    username: { type: "text", doc: "Name at the mail server." },
    password: { type: "text", doc: "Password at the mail server; a secret." },
    sendResolved: { type: "flag", default: "`false`", doc: "Whether mail is sent when an alert is over." },
  },
} as const satisfies { [K in keyof AlertReceiver]-?: Fields<NonNullable<AlertReceiver[K]>> };

const RECEIVER = Object.fromEntries(
  Object.keys(RECEIVER_FIELDS).map((kind): [string, Field] => [kind, { type: "map", doc: "" }]),
);

/** Fields of an entry of `alertRoutes`. */
export const ALERT_ROUTE_FIELDS = {
  receiver: { type: "text", required: true, doc: "Name of the receiver." },
  severity: { type: "text", default: "any", doc: "Alerts of this urgency: `page` or `ticket`." },
  matchers: {
    type: "list of texts",
    default: "`[]`",
    doc: 'Alerts whose labels match all of these, as in `service="text"`.',
  },
  continue: {
    type: "flag",
    default: "`false`",
    doc: "Whether later routes are asked as well; `alertReceiver` is not told of what any route has taken.",
  },
  groupBy: {
    type: "list of texts",
    default: "`[namespace, service, alertname]`",
    doc: "Labels by which alerts are gathered into one notification.",
  },
  groupWait: { type: "text", default: "`30s`", doc: "How long the first notification waits for company." },
  groupInterval: { type: "text", default: "`5m`", doc: "Time between two notifications of a group." },
  repeatInterval: { type: "text", default: "`4h`", doc: "After how long a notification is repeated." },
} as const satisfies Fields<AlertRoute>;

/** Fields of an entry of `remoteWrite`. */
export const REMOTE_WRITE_FIELDS = {
  url: { type: "text", required: true, doc: "Address of the receiver, `https` unless `insecure`." },
  name: { type: "text", doc: "Its name in Prometheus' own metrics." },
  basic: { type: "map", doc: "`{ username, password }`; secrets." },
  bearerToken: { type: "text", doc: "Sent as `Authorization: Bearer …`; a secret." },
  sigv4: {
    type: "map",
    doc: "Credentials of AWS: `{ region, roleArn, accessKey, secretKey }`, all but `region` may be left out; the keys are secrets.",
  },
  tls: {
    type: "map",
    doc: "`{ caCertificates, clientCertificate, clientKey, serverName }`, PEM; the key is a secret.",
  },
  headers: {
    type: "map of texts",
    default: "`{}`",
    doc: "Further headers, as in `{ X-Scope-OrgID: models }`.",
  },
  pods: { type: "map", doc: "Where it runs in the cluster: `{ namespace, podLabels, port }`." },
  insecure: { type: "flag", default: "`false`", doc: "Whether the address may be `http`." },
} as const satisfies Fields<RemoteWrite>;

const text: Field = { type: "text", doc: "" };
const needed: Field = { ...text, required: true };

const POD_TARGET = {
  namespace: needed,
  podLabels: { type: "map of texts", required: true, doc: "" },
  port: { type: "number", required: true, doc: "" },
} as const satisfies Record<string, Field>;

const REMOTE_WRITE_PARTS: Readonly<Record<string, Readonly<Record<string, Field>>>> = {
  basic: { username: needed, password: needed },
  sigv4: { region: needed, roleArn: text, accessKey: text, secretKey: text },
  tls: { caCertificates: text, clientCertificate: text, clientKey: text, serverName: text },
  pods: POD_TARGET,
};

/** Fields of `existingPrometheus`. */
export const EXISTING_FIELDS = {
  namespace: {
    type: "text",
    required: true,
    doc: "Its namespace; monitors of the gateway and dashboards go there.",
  },
  podLabels: {
    type: "map of texts",
    default: "`{ app.kubernetes.io/name: prometheus }`",
    doc: "Labels of its pods, which the services let in.",
  },
  service: { type: "text", default: "`prometheus-operated`", doc: "Its Service." },
  port: { type: "number", default: "`9090`", doc: "Port of the Service." },
} as const satisfies Fields<ExistingPrometheus>;

/** Fields of `monitoringAccess`. */
export const ACCESS_FIELDS = {
  host: {
    type: "text",
    default: "`host`",
    doc: "Host beneath which `prometheus.`, `alertmanager.` and `grafana.` are.",
  },
  port: {
    type: "number",
    default: "`gatewayPort`",
    doc: "Port under which people reach the gateway, as the links in alerts have it.",
  },
  auth: {
    type: "map",
    required: true,
    doc: "How people prove who they are: `basic`, or `oidc` with `jwt`, with the fields of `auth` of an ApiGateway.",
  },
  proxyImage: {
    type: "text",
    default: "`envoyImage`",
    doc: "Envoy's image, with a digest, for the container that speaks TLS beside Prometheus and Alertmanager.",
  },
  grafana: {
    type: "map",
    doc: "A Grafana that is there already and speaks TLS: `{ service, namespace, port, caCertificates, hostName, pods: { podLabels, port } }`.",
  },
} as const satisfies Fields<MonitoringAccess>;

const GRAFANA = {
  service: needed,
  namespace: needed,
  port: { type: "number", doc: "" },
  caCertificates: needed,
  hostName: text,
  pods: { type: "map", doc: "" },
} as const satisfies Fields<ExistingGrafana>;

const CLAIM: Readonly<Record<string, Field>> = {
  name: needed,
  values: { type: "list of texts", required: true, doc: "" },
  valueType: text,
};

const AUTH_PARTS: Readonly<Record<string, Readonly<Record<string, Field>>>> = {
  basic: { users: { type: "map", required: true, doc: "" } },
  jwt: {
    issuer: needed,
    audiences: { type: "list of texts", required: true, doc: "" },
    jwksUri: text,
    jwks: text,
    claims: { type: "map", doc: "" },
  },
  oidc: {
    clientId: needed,
    clientSecret: needed,
    scopes: { type: "list of texts", doc: "" },
    authorizationEndpoint: text,
    tokenEndpoint: text,
    redirectPath: text,
    logoutPath: text,
  },
};

const maps = (names: readonly string[]): Readonly<Record<string, Field>> =>
  Object.fromEntries(names.map((name): [string, Field] => [name, { type: "map", doc: "" }]));

/** Values of secret keys are spoken of by where they are alone. */
const silent = () => "";

type Parts = Readonly<Record<string, unknown>>;

/** Checks the parts of an entry that have fields of their own. */
function checkParts(
  entry: Parts,
  parts: Readonly<Record<string, Readonly<Record<string, Field>>>>,
  path: string,
): void {
  for (const [part, fields] of Object.entries(parts)) {
    if (entry[part] !== undefined) checkFields(entry[part], fields, `${path}.${part}`, silent);
  }
}

function requireMap(value: unknown, path: string, what: string): Parts {
  if (!isRecord(value)) throw new ConfigError(`\`${path}\` must be a map of ${what}.`);
  return value;
}

function requireList(value: unknown, path: string, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new ConfigError(`\`${path}\` must be a list of ${what}.`);
  return value as readonly unknown[];
}

/**
 * Checks the form of `slipway:alertReceivers`; what the values mean is checked by the components.
 * @throws ConfigError for the first thing that is wrong.
 */
export function readReceivers(value: unknown): Readonly<Record<string, AlertReceiver>> {
  const path = "slipway:alertReceivers";
  const receivers = requireMap(value, path, "receivers by their names");
  for (const [name, receiver] of Object.entries(receivers)) {
    const at = `${path}.${name}`;
    checkFields(receiver, RECEIVER, at, silent);
    checkParts(receiver as Parts, RECEIVER_FIELDS, at);
    const { webhook } = receiver as AlertReceiver;
    if (webhook?.pods) checkFields(webhook.pods, POD_TARGET, `${at}.webhook.pods`, silent);
  }
  return receivers as Readonly<Record<string, AlertReceiver>>;
}

/** The same of `slipway:alertRoutes`. */
export function readAlertRoutes(value: unknown): readonly AlertRoute[] {
  const path = "slipway:alertRoutes";
  const routes = requireList(value, path, "routes");
  routes.forEach((route, i) => checkFields(route, ALERT_ROUTE_FIELDS, `${path}[${i}]`));
  return routes as readonly AlertRoute[];
}

/** The same of `slipway:remoteWrite`. */
export function readRemoteWrite(value: unknown): readonly RemoteWrite[] {
  const path = "slipway:remoteWrite";
  const receivers = requireList(value, path, "receivers of samples");
  receivers.forEach((receiver, i) => {
    checkFields(receiver, REMOTE_WRITE_FIELDS, `${path}[${i}]`, silent);
    checkParts(receiver as Parts, REMOTE_WRITE_PARTS, `${path}[${i}]`);
  });
  return receivers as readonly RemoteWrite[];
}

/** The same of `slipway:existingPrometheus`. */
export function readExisting(value: unknown): ExistingPrometheus {
  checkFields(value, EXISTING_FIELDS, "slipway:existingPrometheus");
  return value as ExistingPrometheus;
}

/**
 * The same of `slipway:monitoringAccess`.
 * @param image Envoy's, where it names none
 * @param gatewayPort the gateway's, where it names none
 */
export function readAccess(
  value: unknown,
  image: string | undefined,
  gatewayPort: number | undefined,
): MonitoringAccess {
  const path = "slipway:monitoringAccess";
  checkFields(value, ACCESS_FIELDS, path, silent);
  const {
    auth,
    grafana,
    proxyImage = image,
    port = gatewayPort,
    ...rest
  } = value as Omit<MonitoringAccess, "proxyImage"> & {
    readonly proxyImage?: string;
  };
  checkFields(auth, maps(Object.keys(AUTH_PARTS)), `${path}.auth`, silent);
  checkParts(auth as Parts, AUTH_PARTS, `${path}.auth`);
  const { basic, jwt } = auth;
  for (const [user, fields] of Object.entries(basic?.users ?? {})) {
    const known: Readonly<Record<string, Field>> = {
      password: needed,
      scopes: { type: "list of texts", doc: "" },
    };
    checkFields(fields, known, `${path}.auth.basic.users.${user}`, silent);
  }
  if (jwt?.claims) {
    checkFields(jwt.claims, maps(["infer", "admin"]), `${path}.auth.jwt.claims`, silent);
    checkParts(jwt.claims as Parts, { infer: CLAIM, admin: CLAIM }, `${path}.auth.jwt.claims`);
  }
  if (grafana) {
    checkFields(grafana, GRAFANA, `${path}.grafana`, silent);
    const { namespace: _elsewhere, ...pods } = POD_TARGET;
    checkParts(grafana as unknown as Parts, { pods }, `${path}.grafana`);
  }
  if (proxyImage === undefined) {
    throw new ConfigError(
      `\`${path}.proxyImage\` is missing, and so is \`slipway:envoyImage\`: Envoy's image, with a digest.`,
    );
  }
  return {
    ...rest,
    auth,
    proxyImage,
    ...(port === undefined ? {} : { port }),
    ...(grafana ? { grafana } : {}),
  };
}

/** The same of `slipway:monitoringLabels` and `slipway:externalLabels`. */
export function readLabels(value: unknown, key: string): Readonly<Record<string, string>> {
  const labels = requireMap(value, `slipway:${key}`, "texts");
  for (const [label, each] of Object.entries(labels)) {
    if (typeof each !== "string") throw new ConfigError(`\`slipway:${key}.${label}\` must be a text.`);
  }
  return labels as Readonly<Record<string, string>>;
}
