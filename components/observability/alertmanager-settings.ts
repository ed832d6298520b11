import type * as pulumi from "@pulumi/pulumi";
import type { Peer } from "../internal/network-policy";

/** How urgent an alert is, as its label `severity` says: `page` wakes somebody, `ticket` waits until the morning. */
export const SEVERITIES = ["page", "ticket"] as const;

export type AlertSeverity = (typeof SEVERITIES)[number];

/** Pods of this cluster that are connected to. */
export interface PodTarget extends Peer {
  /** Port that the pods listen on, from 1 to 65535. */
  readonly port: number;
}

/** A program that alerts are posted to, as JSON. */
export interface WebhookReceiver {
  /** Its address, `https` unless `insecure` says otherwise; kept as a secret. */
  readonly url: pulumi.Input<string>;
  /**
   * Sent as `Authorization: Bearer …`; kept as a secret.
   * @default none
   */
  readonly bearerToken?: pulumi.Input<string>;
  /**
   * Whether the address may be `http`, as within a cluster.
   * @default false
   */
  readonly insecure?: boolean;
  /**
   * Where the program runs in this cluster: Alertmanager may then connect to these pods.
   * @default none: it is outside the cluster
   */
  readonly pods?: PodTarget;
  /**
   * Whether it is told that an alert is over.
   * @default true
   */
  readonly sendResolved?: boolean;
  /**
   * Alerts in one call at most; 0 for all.
   * @default 0
   */
  readonly maxAlerts?: number;
}

/** A channel of Slack, or of what takes Slack's webhooks. */
export interface SlackReceiver {
  /** Address of the incoming webhook; kept as a secret. */
  readonly apiUrl: pulumi.Input<string>;
  /**
   * Channel or user, as in "#models".
   * @default the webhook's own
   */
  readonly channel?: string;
  /**
   * Whether the channel is told that an alert is over.
   * @default true
   */
  readonly sendResolved?: boolean;
}

/** A service of PagerDuty (Events API v2). */
export interface PagerDutyReceiver {
  /** The integration's key; kept as a secret. */
  readonly routingKey: pulumi.Input<string>;
  /**
   * Address of the events API, `https`.
   * @default PagerDuty's own
   */
  readonly url?: string;
}

/** A team of Opsgenie. */
export interface OpsgenieReceiver {
  /** The integration's key; kept as a secret. */
  readonly apiKey: pulumi.Input<string>;
  /**
   * Address of the API, `https`, as in "https://api.eu.opsgenie.com/".
   * @default Opsgenie's own
   */
  readonly apiUrl?: string;
  /**
   * Priority, P1 to P5.
   * @default P3, as Opsgenie has it
   */
  readonly priority?: "P1" | "P2" | "P3" | "P4" | "P5";
}

/** People that get mail; the connection is encrypted (STARTTLS) or none is made. */
export interface EmailReceiver {
  /** Addresses, at least one. */
  readonly to: readonly string[];
  /** Address of the sender. */
  readonly from: string;
  /** The mail server, `HOST:PORT`. */
  readonly smarthost: string;
  /**
   * Name at the mail server, with `password`.
   * @default none
   */
  readonly username?: string;
  /**
   * Password at the mail server, with `username`; kept as a secret.
   * @default none
   */
  readonly password?: pulumi.Input<string>;
  /**
   * Whether mail is sent when an alert is over.
   * @default false
   */
  readonly sendResolved?: boolean;
}

/** Who is told of an alert: at least one of these, and all that are given. */
export interface AlertReceiver {
  /**
   * A program.
   * @default none
   */
  readonly webhook?: WebhookReceiver;
  /**
   * Slack.
   * @default none
   */
  readonly slack?: SlackReceiver;
  /**
   * PagerDuty.
   * @default none
   */
  readonly pagerDuty?: PagerDutyReceiver;
  /**
   * Opsgenie.
   * @default none
   */
  readonly opsgenie?: OpsgenieReceiver;
  /**
   * Mail.
   * @default none
   */
  readonly email?: EmailReceiver;
}

/** When alerts are gathered and repeated. */
export interface AlertGrouping {
  /**
   * Labels by which alerts are gathered into one notification.
   * @default ["namespace", "service", "alertname"]
   */
  readonly groupBy?: readonly string[];
  /**
   * How long the first notification of a group waits for company.
   * @default "30s"
   */
  readonly groupWait?: string;
  /**
   * How long further alerts of a group wait until it is notified again.
   * @default "5m"
   */
  readonly groupInterval?: string;
  /**
   * After how long a notification is repeated while its alerts last.
   * @default "4h"
   */
  readonly repeatInterval?: string;
}

/** Which alerts go to whom; what is not said of grouping is as for all. The first route that matches takes an alert. */
export interface AlertRoute extends Partial<AlertGrouping> {
  /** Name of the receiver. */
  readonly receiver: string;
  /**
   * The alerts of this urgency.
   * @default of any
   */
  readonly severity?: AlertSeverity;
  /**
   * The alerts whose labels match all of these, as Alertmanager writes them: `service="text"`, `namespace=~"team-.+"`.
   * @default []
   */
  readonly matchers?: readonly string[];
  /**
   * Whether later routes are asked as well; `receiver` is not told of what any route has taken.
   * @default false
   */
  readonly continue?: boolean;
}

/** A disk for each pod of a stateful service. */
export interface MonitoringStorage {
  /** Size of each pod's volume, as in "50Gi". */
  readonly size: string;
  /**
   * StorageClass of the volumes. It decides whether they are encrypted: name one whose volumes are.
   * @default the cluster's default class
   */
  readonly storageClass?: string;
}

/** Settings of Alertmanager: who is told of what, and how it runs. */
export interface AlertingSettings extends AlertGrouping {
  /**
   * Who can be told, by names of one's own.
   * @default {}
   */
  readonly receivers?: Readonly<Record<string, AlertReceiver>>;
  /**
   * Name of the receiver of every alert that no route takes.
   * @default the only one there is; without receivers alerts are shown and nobody is told
   */
  readonly receiver?: string;
  /**
   * Which alerts go to whom.
   * @default []
   */
  readonly routes?: readonly AlertRoute[];
  /**
   * Whether tickets of a service are held back while there is a page for it.
   * @default true
   */
  readonly inhibitTickets?: boolean;
  /**
   * Address ranges outside the cluster that receivers are in: Alertmanager may connect to nothing else but `pods`.
   * @default ["0.0.0.0/0"], less link-local addresses
   */
  readonly receiverCidrs?: readonly string[];
  /**
   * Alertmanager's image, with a digest.
   * @default the operator's own
   */
  readonly image?: string;
  /**
   * The version that `image` has, as in "0.33.0": the operator writes the configuration for it.
   * @default the operator's own
   */
  readonly version?: string;
  /**
   * Pods, 1 to 9; more than one are a cluster that tells of an alert once, on nodes of their own as far as possible.
   * @default 1
   */
  readonly replicas?: number;
  /**
   * How long silences and what has been told are kept, in hours, minutes or seconds.
   * @default "120h"
   */
  readonly retention?: string;
  /**
   * A volume for silences and what has been told.
   * @default none: a restart forgets them
   */
  readonly storage?: MonitoringStorage;
  /**
   * CPU reserved.
   * @default "25m"
   */
  readonly cpuRequest?: string;
  /**
   * Memory reserved.
   * @default "64Mi"
   */
  readonly memoryRequest?: string;
  /**
   * Memory at most.
   * @default "256Mi"
   */
  readonly memoryLimit?: string;
  /**
   * Port on every node (30000 to 32767) under which Alertmanager answers Monitoring's `readerCidrs`.
   * @default none: it is reached inside the cluster only
   */
  readonly nodePort?: number;
}

/** Defaults; a test ties each to its `@default` above. */
export const ALERTING_DEFAULTS = {
  groupBy: ["namespace", "service", "alertname"] as readonly string[],
  groupWait: "30s",
  groupInterval: "5m",
  repeatInterval: "4h",
  receivers: {} as Readonly<Record<string, AlertReceiver>>,
  routes: [] as readonly AlertRoute[],
  inhibitTickets: true,
  replicas: 1,
  retention: "120h",
  cpuRequest: "25m",
  memoryRequest: "64Mi",
  memoryLimit: "256Mi",
} as const;
