import * as pulumi from "@pulumi/pulumi";
import type {
  AlertReceiver,
  EmailReceiver,
  OpsgenieReceiver,
  PagerDutyReceiver,
  PodTarget,
  SlackReceiver,
  WebhookReceiver,
} from "../observability/alertmanager-settings";

type Receivers = Readonly<Record<string, AlertReceiver>>;

/** A text of a receiver that is kept in a Secret. */
export interface ReceiverSecret {
  /** In the Secret. */
  readonly key: string;
  readonly value: pulumi.Input<string>;
  /** Where it was given. */
  readonly path: string;
  /** What is wrong with it; never the text itself. */
  readonly problem: (value: string) => string | undefined;
}

const keyOf = (receiver: string, part: string): string => `${receiver}.${part}`;

/** What is wrong with an address that alerts are sent to. It may hold a secret, so the sentence does not. */
export function addressProblem(address: string, insecure = false): string | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const allowed = insecure ? ["https:", "http:"] : ["https:"];
  if (url && !/\s/.test(address) && url.hostname !== "" && allowed.includes(url.protocol)) {
    return url.username === "" && url.password === ""
      ? undefined
      : "must hold no user name and no password: use `bearerToken`";
  }
  if (url?.protocol === "http:")
    return "is an http address, over which alerts and tokens can be read: it must be https, or `insecure` must be true";
  return 'must be an https address, as in "https://example.com/alerts"';
}

const textProblem = (value: string): string | undefined =>
  /^[\x21-\x7e]+$/.test(value) ? undefined : "must be printable characters without blanks, at least one";

/** Every text of the receivers that is a secret. */
export function receiverSecrets(receivers: Receivers): ReceiverSecret[] {
  return Object.entries(receivers).flatMap(([name, { webhook, slack, pagerDuty, opsgenie, email }]) => {
    const secret = (
      part: string,
      field: string,
      value: pulumi.Input<string> | undefined,
      problem = textProblem,
    ): ReceiverSecret[] =>
      value === undefined
        ? []
        : [{ key: keyOf(name, part), value, path: `receivers.${name}.${field}`, problem }];
    return [
      ...secret("webhook-url", "webhook.url", webhook?.url, (url) => addressProblem(url, webhook?.insecure)),
      ...secret("webhook-token", "webhook.bearerToken", webhook?.bearerToken),
      ...secret("slack-url", "slack.apiUrl", slack?.apiUrl, addressProblem),
      ...secret("pagerduty-key", "pagerDuty.routingKey", pagerDuty?.routingKey),
      ...secret("opsgenie-key", "opsgenie.apiKey", opsgenie?.apiKey),
      ...secret("email-password", "email.password", email?.password),
    ];
  });
}

/**
 * Data of a Secret.
 * @param values of the secrets, in their order
 * @throws RunError for a text that was not known when the inputs were checked, and is not good.
 */
export function encodedReceivers(
  owner: string,
  secrets: readonly ReceiverSecret[],
  values: readonly string[],
): Record<string, string> {
  const entries = secrets.map(({ key, path, problem }, i) => {
    const wrong = problem(values[i]!);
    if (wrong) throw new pulumi.RunError(`"${owner}": \`alerting.${path}\`: ${wrong}`);
    return [key, Buffer.from(values[i]!, "utf8").toString("base64")] as const;
  });
  return Object.fromEntries(entries);
}

/** Data of the Secret that receivers are read from. */
export function receiverData(owner: string, receivers: Receivers): pulumi.Output<Record<string, string>> {
  const secrets = receiverSecrets(receivers);
  const values = pulumi.all(secrets.map(({ value }) => value));
  return pulumi.secret(values.apply((known) => encodedReceivers(owner, secrets, known)));
}

/** Receivers of an AlertmanagerConfig: what is secret is named, and nothing of it is there. */
export function receiverSpecs(receivers: Receivers, secretName: pulumi.Input<string>): object[] {
  return Object.entries(receivers).map(([name, { webhook, slack, pagerDuty, opsgenie, email }]) => {
    const ref = (part: string) => ({ name: secretName, key: keyOf(name, part) });
    return {
      name,
      ...(webhook && { webhookConfigs: [webhookSpec(webhook, ref)] }),
      ...(slack && { slackConfigs: [slackSpec(slack, ref)] }),
      ...(pagerDuty && { pagerdutyConfigs: [pagerDutySpec(pagerDuty, ref)] }),
      ...(opsgenie && { opsgenieConfigs: [opsgenieSpec(opsgenie, ref)] }),
      ...(email && { emailConfigs: [emailSpec(email, ref)] }),
    };
  });
}

type Ref = (part: string) => object;

function webhookSpec({ bearerToken, sendResolved, maxAlerts }: WebhookReceiver, ref: Ref): object {
  return {
    urlSecret: ref("webhook-url"),
    sendResolved: sendResolved ?? true,
    ...(maxAlerts === undefined ? {} : { maxAlerts }),
    httpConfig: {
      // A redirect could lead to where the network policy, and whoever gave the address, did not mean.
      followRedirects: false,
      ...(bearerToken === undefined
        ? {}
        : { authorization: { type: "Bearer", credentials: ref("webhook-token") } }),
    },
  };
}

/** Of the labels that all alerts of a notification share: who is affected, before what is wrong. */
const SLACK_TITLE =
  '{{ if eq .Status "firing" }}{{ .CommonLabels.severity | toUpper }}{{ else }}RESOLVED{{ end }} {{ .CommonLabels.alertname }} {{ .CommonLabels.namespace }}/{{ .CommonLabels.service }}';
const SLACK_TEXT =
  "{{ range .Alerts }}{{ .Annotations.summary }}{{ if .Annotations.runbook_url }} <{{ .Annotations.runbook_url }}|runbook>{{ end }}\n{{ end }}";

function slackSpec({ channel, sendResolved }: SlackReceiver, ref: Ref): object {
  return {
    apiURL: ref("slack-url"),
    ...(channel === undefined ? {} : { channel }),
    sendResolved: sendResolved ?? true,
    title: SLACK_TITLE,
    text: SLACK_TEXT,
  };
}

function pagerDutySpec({ url }: PagerDutyReceiver, ref: Ref): object {
  return {
    routingKey: ref("pagerduty-key"),
    ...(url === undefined ? {} : { url }),
    sendResolved: true,
    // PagerDuty knows four severities, of which these are what a page and a ticket are.
    severity: '{{ if eq .CommonLabels.severity "page" }}critical{{ else }}warning{{ end }}',
  };
}

function opsgenieSpec({ apiUrl, priority }: OpsgenieReceiver, ref: Ref): object {
  return {
    apiKey: ref("opsgenie-key"),
    ...(apiUrl === undefined ? {} : { apiURL: apiUrl }),
    ...(priority === undefined ? {} : { priority }),
    sendResolved: true,
  };
}

function emailSpec(
  { to, from, smarthost, username, password, sendResolved }: EmailReceiver,
  ref: Ref,
): object {
  return {
    to: to.join(", "),
    from,
    smarthost,
    requireTLS: true,
    sendResolved: sendResolved ?? false,
    ...(password === undefined ? {} : { authUsername: username, authPassword: ref("email-password") }),
  };
}

/** Ports outside the cluster that the receivers are reached at, and the pods of those that are inside. */
export function receiverFlows(receivers: Receivers): {
  readonly outside: readonly pulumi.Input<number>[];
  readonly pods: readonly PodTarget[];
} {
  const all = Object.values(receivers);
  const pods = all.flatMap(({ webhook }) => webhook?.pods ?? []);
  const outside = all.flatMap(({ webhook, slack, pagerDuty, opsgenie, email }) => [
    ...(webhook && !webhook.pods ? [portOf(webhook.url)] : []),
    ...(slack ? [portOf(slack.apiUrl)] : []),
    ...(pagerDuty ? [portOf(pagerDuty.url ?? HTTPS)] : []),
    ...(opsgenie ? [portOf(opsgenie.apiUrl ?? HTTPS)] : []),
    ...(email ? [Number(email.smarthost.split(":").at(-1))] : []),
  ]);
  return { outside, pods };
}

const HTTPS = "https://default";

/** The port of an address, which is none of its secrets. */
export function portOf(address: pulumi.Input<string>): pulumi.Output<number> {
  return pulumi.unsecret(
    pulumi.output(address).apply((text) => {
      if (!URL.canParse(text)) return 443;
      const { port, protocol } = new URL(text);
      return port === "" ? (protocol === "http:" ? 80 : 443) : Number(port);
    }),
  );
}
