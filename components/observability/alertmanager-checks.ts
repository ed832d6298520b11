import { addressProblem, receiverSecrets } from "../internal/alertmanager-receivers";
import { covers, matcherProblem, routeMatchers } from "../internal/alertmanager-matchers";
import {
  LABEL_NAME,
  checkPodTarget,
  checkStorage,
  checkVersion,
  durationSeconds,
} from "../internal/prometheus-checks";
import { imageProblem, isIpv4Cidr } from "../internal/references";
import { checkResources } from "../internal/resource-checks";
import { Problems, isHostName, isNodePort, isPort, plainValue } from "../internal/validation";
import {
  ALERTING_DEFAULTS,
  SEVERITIES,
  type AlertReceiver,
  type AlertRoute,
  type AlertingSettings,
  type EmailReceiver,
} from "./alertmanager-settings";

/** Settings of Alertmanager with every default filled in. */
export type ResolvedAlerting = ReturnType<typeof resolveAlerting>;

/** Names of receivers are part of a Secret's keys. */
const RECEIVER = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/** More tell of an alert no sooner, and each talks to every other. */
const MOST_REPLICAS = 9;

/** Kubernetes counts in 32 bits. */
const MOST_ALERTS = 2 ** 31 - 1;

/** Alertmanager's own durations end at hours. */
const HOURS = /^([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$/;

const MAIL_ADDRESS = /^[^\s@<>,]+@[^\s@<>,]+$/;

/**
 * Fills in the defaults and checks everything.
 * @throws InputPropertiesError with every problem.
 */
export function resolveAlerting(name: string, args: AlertingSettings) {
  const receivers = args.receivers ?? ALERTING_DEFAULTS.receivers;
  const [only, ...others] = Object.keys(receivers);
  const settings = {
    receivers,
    receiver: args.receiver ?? (others.length === 0 ? only : undefined),
    routes: args.routes ?? ALERTING_DEFAULTS.routes,
    groupBy: args.groupBy ?? ALERTING_DEFAULTS.groupBy,
    groupWait: args.groupWait ?? ALERTING_DEFAULTS.groupWait,
    groupInterval: args.groupInterval ?? ALERTING_DEFAULTS.groupInterval,
    repeatInterval: args.repeatInterval ?? ALERTING_DEFAULTS.repeatInterval,
    inhibitTickets: args.inhibitTickets ?? ALERTING_DEFAULTS.inhibitTickets,
    receiverCidrs: args.receiverCidrs,
    image: args.image,
    version: args.version,
    replicas: args.replicas ?? ALERTING_DEFAULTS.replicas,
    retention: args.retention ?? ALERTING_DEFAULTS.retention,
    storage: args.storage,
    cpuRequest: args.cpuRequest ?? ALERTING_DEFAULTS.cpuRequest,
    memoryRequest: args.memoryRequest ?? ALERTING_DEFAULTS.memoryRequest,
    memoryLimit: args.memoryLimit ?? ALERTING_DEFAULTS.memoryLimit,
    nodePort: args.nodePort,
  };
  const problems = new Problems("Alertmanager", name);
  checkServer(settings, problems);
  checkReceivers(receivers, problems);
  checkGrouping(settings, "", settings.retention, problems);
  checkRoutes(settings, problems);
  problems.throwIfAny();
  return settings;
}

function checkServer(
  settings: Pick<
    AlertingSettings,
    "image" | "version" | "replicas" | "retention" | "storage" | "nodePort" | "receiverCidrs"
  > & { cpuRequest: string; memoryRequest: string; memoryLimit: string; retention: string; replicas: number },
  problems: Problems,
): void {
  const { image, version, replicas, retention, storage, nodePort, receiverCidrs } = settings;
  const wrongImage = image === undefined ? undefined : imageProblem(image);
  if (wrongImage) problems.add("image", wrongImage);
  checkVersion(version, "version", "0.33.0", problems);
  problems.check(
    Number.isInteger(replicas) && replicas >= 1 && replicas <= MOST_REPLICAS,
    "replicas",
    `${replicas} must be a whole number from 1 to ${MOST_REPLICAS}`,
  );
  problems.check(
    HOURS.test(retention) && (durationSeconds(retention) ?? 0) > 0,
    "retention",
    `"${retention}" must be a duration of hours, minutes or seconds, as in "120h"`,
  );
  checkStorage(storage, "storage", problems);
  if (nodePort !== undefined)
    problems.check(isNodePort(nodePort), "nodePort", `${nodePort} must be from 30000 to 32767`);
  receiverCidrs?.forEach((cidr, i) =>
    problems.check(
      isIpv4Cidr(cidr),
      `receiverCidrs[${i}]`,
      `"${cidr}" must be an IPv4 range, as in "10.0.0.0/8"`,
    ),
  );
  checkResources(settings, problems);
}

function checkReceivers(receivers: Readonly<Record<string, AlertReceiver>>, problems: Problems): void {
  for (const [name, receiver] of Object.entries(receivers)) {
    const path = `receivers.${name}`;
    problems.check(
      RECEIVER.test(name),
      path,
      "must be named by 1 to 63 letters, digits and dashes, a letter or digit first and last",
    );
    const { webhook, slack, pagerDuty, opsgenie, email } = receiver;
    problems.check(
      [webhook, slack, pagerDuty, opsgenie, email].some((part) => part !== undefined),
      path,
      "tells nobody: it must have webhook, slack, pagerDuty, opsgenie or email",
    );
    checkPodTarget(webhook?.pods, `${path}.webhook.pods`, problems);
    const most = webhook?.maxAlerts;
    problems.check(
      most === undefined || (Number.isInteger(most) && most >= 0 && most <= MOST_ALERTS),
      `${path}.webhook.maxAlerts`,
      `${most} must be a whole number from 0 to ${MOST_ALERTS}`,
    );
    problems.check(slack?.channel !== "", `${path}.slack.channel`, '"" must not be empty');
    const addresses = { "pagerDuty.url": pagerDuty?.url, "opsgenie.apiUrl": opsgenie?.apiUrl };
    for (const [field, address] of Object.entries(addresses)) {
      const wrong = address === undefined ? undefined : addressProblem(address);
      if (wrong) problems.add(`${path}.${field}`, `"${address}" ${wrong}`);
    }
    problems.check(
      opsgenie?.priority === undefined || /^P[1-5]$/.test(opsgenie.priority),
      `${path}.opsgenie.priority`,
      `"${opsgenie?.priority}" must be one of P1, P2, P3, P4, P5`,
    );
    if (email) checkEmail(email, `${path}.email`, problems);
  }
  for (const { path, value, problem } of receiverSecrets(receivers)) {
    const plain = plainValue(value);
    const wrong = plain === undefined ? undefined : problem(plain);
    if (wrong) problems.add(path, wrong);
  }
}

function checkEmail(
  { to, from, smarthost, username, password }: EmailReceiver,
  path: string,
  problems: Problems,
): void {
  const mail = 'must be a mail address, as in "oncall@example.com"';
  problems.check(to.length > 0, `${path}.to`, "must name at least one address");
  to.forEach((address, i) =>
    problems.check(MAIL_ADDRESS.test(address), `${path}.to[${i}]`, `"${address}" ${mail}`),
  );
  problems.check(MAIL_ADDRESS.test(from), `${path}.from`, `"${from}" ${mail}`);
  const [host = "", port = "", ...rest] = smarthost.split(":");
  problems.check(
    rest.length === 0 && isHostName(host) && /^\d+$/.test(port) && isPort(Number(port)),
    `${path}.smarthost`,
    `"${smarthost}" must be HOST:PORT, as in "mail.example.com:587"`,
  );
  problems.check(
    (username === undefined) === (password === undefined),
    `${path}.username`,
    "must be given with `password`, and that with it",
  );
  problems.check(username !== "", `${path}.username`, '"" must not be empty');
}

function checkGrouping(
  grouping: Pick<AlertRoute, "groupBy" | "groupWait" | "groupInterval" | "repeatInterval">,
  path: string,
  retention: string,
  problems: Problems,
): void {
  const { groupBy } = grouping;
  const labels = groupBy?.filter((label) => label !== "...") ?? [];
  labels.forEach((label) =>
    problems.check(LABEL_NAME.test(label), `${path}groupBy`, `"${label}" must be a label, or "..." alone`),
  );
  problems.check(
    groupBy === undefined || labels.length === groupBy.length || groupBy.length === 1,
    `${path}groupBy`,
    '"..." stands for all labels: nothing can be beside it',
  );
  problems.check(new Set(groupBy).size === (groupBy?.length ?? 0), `${path}groupBy`, "names a label twice");
  for (const field of ["groupWait", "groupInterval", "repeatInterval"] as const) {
    const value = grouping[field];
    if (value === undefined) continue;
    const seconds = durationSeconds(value);
    problems.check(
      seconds !== undefined && (seconds > 0 || field === "groupWait"),
      `${path}${field}`,
      `"${value}" must be a duration above zero, as in "5m"`,
    );
    problems.check(
      field !== "repeatInterval" || !((seconds ?? 0) > (durationSeconds(retention) ?? Infinity)),
      `${path}${field}`,
      `"${value}" must be <= \`retention\` ("${retention}"): what has been told is forgotten after that`,
    );
  }
}

/** Every receiver can get alerts, and every alert has a receiver. */
function checkRoutes(
  settings: Pick<ResolvedAlerting, "receivers" | "receiver" | "routes" | "retention">,
  problems: Problems,
): void {
  const { receivers, receiver, routes, retention } = settings;
  const names = Object.keys(receivers);
  const known = names.length === 0 ? "there are none" : `there are ${names.join(", ")}`;
  const check = (given: string, path: string) =>
    problems.check(Object.hasOwn(receivers, given), path, `"${given}" is no receiver: ${known}`);
  if (receiver !== undefined) check(receiver, "receiver");
  else if (names.length > 0)
    problems.add("receiver", `must name who is told of what no route takes: one of ${names.join(", ")}`);
  routes.forEach((route, i) => {
    const path = `routes[${i}]`;
    check(route.receiver, `${path}.receiver`);
    checkMatching(route, path, problems);
    checkGrouping(route, `${path}.`, retention, problems);
    const earlier = routes.findIndex(
      (other, j) => j < i && !other.continue && covers(routeMatchers(other), routeMatchers(route)),
    );
    if (earlier >= 0) {
      problems.add(
        path,
        `gets no alert: routes[${earlier}] takes all of them; put it behind, or let that one \`continue\``,
      );
    }
  });
  const told = new Set([receiver, ...routes.map((route) => route.receiver)]);
  for (const unused of names.filter((one) => !told.has(one))) {
    if (receiver !== undefined)
      problems.add(`receivers.${unused}`, "is told of nothing: neither `receiver` nor a route names it");
  }
}

function checkMatching({ severity, matchers = [] }: AlertRoute, path: string, problems: Problems): void {
  problems.check(
    severity !== undefined || matchers.length > 0,
    path,
    "must have `severity` or `matchers`: every alert that no route takes goes to `receiver`",
  );
  problems.check(
    severity === undefined || SEVERITIES.includes(severity),
    `${path}.severity`,
    `"${severity}" must be one of ${SEVERITIES.join(", ")}`,
  );
  matchers.forEach((text, j) => {
    const wrong = matcherProblem(text);
    if (wrong) problems.add(`${path}.matchers[${j}]`, wrong);
    else
      problems.check(
        severity === undefined ||
          !routeMatchers({ matchers: [text] }).some(({ name }) => name === "severity"),
        `${path}.matchers[${j}]`,
        "is about `severity`, which is given beside it",
      );
  });
}
