import type * as pulumi from "@pulumi/pulumi";
import { LONGEST_COOLDOWN, RETRAINING_PARAMETERS, RETRAINING_TARGETS } from "../../runtime/contract";
import type { Peer } from "../internal/network-policy";
import { checkPeers } from "../internal/peer-checks";
import { byteCount } from "../internal/quantity";
import { imageProblem, isIpv4Cidr } from "../internal/references";
import { MEMORY_FORM } from "../internal/resource-checks";
import { checkServiceName } from "../internal/service-name";
import { Problems, isDnsLabel, isHostName, isPort, plainValue } from "../internal/validation";
import {
  fillRetraining,
  type FilledRetraining,
  type RetrainingSettings,
  type RetrainingTarget,
} from "./retraining-trigger-settings";

/** What is checked as it was given. */
export interface GivenRetraining extends RetrainingSettings {
  readonly image: pulumi.Input<string>;
  readonly target: RetrainingTarget;
  readonly alertmanagers: readonly Peer[];
}

const KINDS: readonly string[] = RETRAINING_TARGETS;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const SIGNING_SECRET = /^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/;

/**
 * Fills in the defaults and checks the whole declaration.
 * @throws InputPropertiesError with every problem
 */
export function resolveRetraining(name: string, args: GivenRetraining): FilledRetraining {
  const settings = fillRetraining(args);
  const problems = new Problems("RetrainingTrigger", name);
  checkServiceName(name, 50, problems);
  const image = plainValue(args.image);
  const wrongImage = image === undefined ? undefined : imageProblem(image);
  if (wrongImage) problems.add("image", wrongImage);
  checkTarget(settings, problems);
  checkCredentials(settings, problems);
  problems.check(
    args.alertmanagers.length > 0,
    "alertmanagers",
    "must name the pods of an Alertmanager: nobody else may call",
  );
  checkPeers("alertmanagers", args.alertmanagers, problems);
  checkPeers("scrapers", settings.scrapers, problems);
  checkFlows(settings, problems);
  checkNumbers(settings, problems);
  problems.throwIfAny();
  return settings;
}

function checkTarget({ target, allowInsecure }: FilledRetraining, problems: Problems): void {
  if (!KINDS.includes(target.kind)) {
    problems.add("target.kind", `"${String(target.kind)}" must be one of ${KINDS.join(", ")}`);
    return;
  }
  if (target.kind !== "github" || target.url !== undefined)
    checkAddress(target.url!, allowInsecure, problems);
  const filled = (field: string, value: string) =>
    problems.check(
      value !== undefined && value.trim() !== "",
      `target.${field}`,
      "must be given and not be empty",
    );
  switch (target.kind) {
    case "http":
      return;
    case "argo-workflows":
      problems.check(
        isDnsLabel(target.namespace),
        "target.namespace",
        `"${target.namespace}" must be the name of a namespace`,
      );
      return;
    case "kubeflow":
      filled("pipelineId", target.pipelineId);
      filled("pipelineVersionId", target.pipelineVersionId);
      target.parameters?.forEach((parameter, i) =>
        problems.check(
          RETRAINING_PARAMETERS.includes(parameter),
          `target.parameters[${i}]`,
          `"${parameter}" must be one of ${RETRAINING_PARAMETERS.join(", ")}`,
        ),
      );
      return;
    case "github":
      problems.check(
        /^[A-Za-z0-9-]{1,39}\/[A-Za-z0-9._-]{1,100}$/.test(target.repository),
        "target.repository",
        `"${target.repository}" must be OWNER/NAME`,
      );
      return;
    case "airflow":
      filled("dag", target.dag);
      problems.check(
        target.api === undefined || ["v1", "v2"].includes(target.api),
        "target.api",
        `"${target.api ?? ""}" must be one of v2, v1`,
      );
  }
}

function checkAddress(address: string, allowInsecure: boolean, problems: Problems): void {
  const path = "target.url";
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.hash !== "") {
    problems.add(path, `"${address}" must be an address, as in "https://host[:port][/path]"`);
    return;
  }
  if (`${url.username}${url.password}` !== "") {
    problems.add(path, "must not hold credentials: `token`, or `username` and `password`, have them");
    return;
  }
  problems.check(
    url.protocol === "https:" || allowInsecure,
    path,
    `"${address}" speaks plain HTTP, over which token and payload can be read: use https://, or set \`allowInsecure\``,
  );
  problems.check(!LOOPBACK.test(url.hostname), path, `"${address}" is the pod itself, where nothing trains`);
}

function checkCredentials(settings: FilledRetraining, problems: Problems): void {
  const { target, token, username, password, signingSecret, ca } = settings;
  problems.check(
    (username === undefined) === (password === undefined),
    username === undefined ? "username" : "password",
    "must be given: `username` and `password` belong together",
  );
  problems.check(token === undefined || username === undefined, "token", "cannot be given beside `username`");
  problems.check(
    target.kind !== "github" || token !== undefined,
    "token",
    "must be given: GitHub takes events from nobody whom it does not know",
  );
  for (const [field, value] of Object.entries({ token, username, password })) {
    const plain = plainValue(value);
    problems.check(
      plain === undefined || /^[^\r\n]+$/.test(plain),
      field,
      "must be one line that is not empty",
    );
  }
  const secret = plainValue(signingSecret);
  problems.check(
    secret === undefined || SIGNING_SECRET.test(secret),
    "signingSecret",
    "must be whsec_ and 24 to 64 bytes in base64",
  );
  const authority = plainValue(ca);
  problems.check(
    authority === undefined || authority.includes("-----BEGIN CERTIFICATE-----"),
    "ca",
    "must be a certificate in PEM form",
  );
}

function checkFlows({ targetPods, targetCidrs }: FilledRetraining, problems: Problems): void {
  checkPeers("targetPods", targetPods, problems);
  targetPods.forEach(({ port }, i) =>
    problems.check(isPort(port), `targetPods[${i}].port`, `${port} must be a whole number from 1 to 65535`),
  );
  problems.check(
    targetPods.length + targetCidrs.length > 0,
    "targetCidrs",
    "must name a range where there are no `targetPods`: the target could not be reached",
  );
  targetCidrs.forEach((cidr, i) =>
    problems.check(
      isIpv4Cidr(cidr),
      `targetCidrs[${i}]`,
      `"${cidr}" must be an IPv4 range, as in "10.1.0.0/16"`,
    ),
  );
}

function checkNumbers(
  { alerts, cooldown, maxAttempts, storage }: FilledRetraining,
  problems: Problems,
): void {
  problems.check(alerts.length > 0, "alerts", 'must name at least one alert, or be ["*"]');
  alerts.forEach((alert, i) =>
    problems.check(
      alert === "*" || /^[A-Za-z_][A-Za-z0-9_]*$/.test(alert),
      `alerts[${i}]`,
      `"${alert}" must be the name of an alert, or "*"`,
    ),
  );
  const whole = (field: string, value: number, least: number, most: number) =>
    problems.check(
      Number.isInteger(value) && value >= least && value <= most,
      field,
      `${value} must be a whole number from ${least} to ${most}`,
    );
  whole("cooldown", cooldown, 0, LONGEST_COOLDOWN);
  whole("maxAttempts", maxAttempts, 1, 1000);
  if (storage === undefined) return;
  problems.check(
    (byteCount(storage.size) ?? 0) > 0,
    "storage.size",
    `"${storage.size}" must be ${MEMORY_FORM}`,
  );
  problems.check(
    storage.storageClass === undefined || isHostName(storage.storageClass),
    "storage.storageClass",
    `"${storage.storageClass ?? ""}" must be the name of a StorageClass`,
  );
}
