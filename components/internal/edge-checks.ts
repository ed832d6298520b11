import type * as pulumi from "@pulumi/pulumi";
import type { EdgeSettings, ResolvedEdge, ResolvedMetrics } from "../edge/edge-settings";
import type { ModelRepository } from "../model/model-repository";
import type { KnownModels, ModelReference } from "../model/repository-models";
import { checkAllSigned } from "./model-keys";
import type { Peer } from "./network-policy";
import { checkPeers } from "./peer-checks";
import { checkPodMarks } from "./placement-checks";
import { byteCount } from "./quantity";
import { imageProblem, isIpv4, isIpv4Cidr } from "./references";
import { checkResources, MEMORY_FORM } from "./resource-checks";
import { optionProblem } from "./server-options";
import { checkServiceName } from "./service-name";
import { Problems, isHostName, isNodePort, plainValue } from "./validation";

/** What is checked with the settings. */
export interface GivenEdge extends EdgeSettings {
  readonly image: pulumi.Input<string>;
  readonly apiKeys: pulumi.Input<string>;
  readonly repository: KnownModels & Pick<ModelRepository, "kind">;
  readonly models: readonly ModelReference[];
  readonly clients?: readonly Peer[];
  readonly scrapers?: readonly Peer[];
}

/** Days before a certificate's end from which on it is renewed; ServerCertificate takes only longer ones. */
const RENEWAL_DAYS = 30;

/** Seconds of a day. */
const DAY = 86_400;

/**
 * Checks a site as it was given and as it was understood.
 * @throws InputPropertiesError with every problem.
 */
export function checkEdge(name: string, args: GivenEdge, settings: ResolvedEdge): void {
  const problems = new Problems("EdgeSite", name);
  checkServiceName(name, 40, problems);
  checkImage("image", args.image, problems);
  const keys = plainValue(args.apiKeys);
  problems.check(
    keys === undefined || /^[^#\s]\S*\s+sha256:[0-9a-f]{64}\s/m.test(keys),
    "apiKeys",
    "must hold at least one line as `slipway api-key` prints it: nobody could call the site otherwise",
  );
  checkModels(args, settings, problems);
  checkPeers("clients", args.clients, problems);
  checkPeers("scrapers", args.scrapers, problems);
  checkResources(settings, problems);
  checkPodMarks({ ...settings, podLabels: {}, podAnnotations: {} }, problems);
  checkReach(settings, problems);
  if (settings.metrics) checkMetrics(settings.metrics, problems);
  within("fetchTimeout", settings.fetchTimeout, 60, DAY, "seconds", problems);
  within("startupTimeout", settings.startupTimeout, 1, DAY, "seconds", problems);
  for (const option of Object.keys(settings.options)) {
    const wrong = optionProblem(option);
    if (wrong) problems.add(`options.${option}`, wrong);
  }
  problems.throwIfAny();
}

function checkImage(path: string, image: pulumi.Input<string>, problems: Problems): void {
  const plain = plainValue(image);
  const wrong = plain === undefined ? undefined : imageProblem(plain);
  if (wrong) problems.add(path, wrong);
}

function checkModels(args: GivenEdge, settings: ResolvedEdge, problems: Problems): void {
  const { models, repository } = args;
  problems.check(models.length > 0, "models", "must name at least one model");
  problems.check(
    repository.kind === "oci",
    "repository",
    `is of kind "${repository.kind}", but a site fetches from "oci" repositories: ${repository.kind === "s3" ? "nobody gives it credentials for a bucket" : "its own volume is the copy on the disk"}`,
  );
  models.forEach(({ name, version }, i) =>
    problems.check(
      repository.models.some((other) => other.name === name && other.version === version),
      `models[${i}]`,
      `${name}/${version} is not in the repository`,
    ),
  );
  checkAllSigned(models, repository, problems);
  const size = byteCount(settings.cache.size);
  problems.check((size ?? 0) > 0, "cache.size", `"${settings.cache.size}" must be a size, as in "10Gi"`);
  if (args.modelSize !== undefined) {
    problems.check(settings.modelBytes > 0, "modelSize", `"${args.modelSize}" must be ${MEMORY_FORM}`);
    problems.check(
      size === undefined || size >= 2 * settings.modelBytes,
      "cache.size",
      `"${settings.cache.size}" must hold models of ${args.modelSize} (\`modelSize\`) twice: those that are served and the next ones`,
    );
    for (const field of ["memoryRequest", "memoryLimit"] as const) {
      const memory = byteCount(settings[field]);
      problems.check(
        memory === undefined || memory > settings.modelBytes,
        field,
        `"${settings[field]}" cannot hold models of ${args.modelSize} (\`modelSize\`) and the server`,
      );
    }
  }
  const { storageClass } = settings.cache;
  problems.check(
    storageClass === undefined || isHostName(storageClass),
    "cache.storageClass",
    `"${storageClass}" must be the name of a storage class`,
  );
  const { modelPullSecret } = settings;
  problems.check(
    modelPullSecret === undefined || isHostName(modelPullSecret),
    "modelPullSecret",
    `"${modelPullSecret}" must be the name of a Secret`,
  );
}

function checkReach(settings: ResolvedEdge, problems: Problems): void {
  const { nodePort, clientCidrs, hostNames, ipAddresses, certificateDays } = settings;
  checkCidrs("clientCidrs", clientCidrs, problems);
  clientCidrs.forEach((cidr, i) =>
    problems.check(
      !cidr.endsWith("/0"),
      `clientCidrs[${i}]`,
      `"${cidr}" is everyone; name the site's own network`,
    ),
  );
  problems.check(
    nodePort === undefined || isNodePort(nodePort),
    "nodePort",
    `${nodePort} must be from 30000 to 32767`,
  );
  problems.check(
    (nodePort === undefined) === (clientCidrs.length === 0),
    nodePort === undefined ? "nodePort" : "clientCidrs",
    nodePort === undefined
      ? "must be given with `clientCidrs`: nothing else leads into the cluster"
      : "must be given with `nodePort`: nobody could call it otherwise",
  );
  hostNames.forEach((host, i) =>
    problems.check(isHostName(host), `hostNames[${i}]`, `"${host}" must be a host name`),
  );
  ipAddresses.forEach((address, i) =>
    problems.check(isIpv4(address), `ipAddresses[${i}]`, `"${address}" must be an IPv4 address`),
  );
  within("certificateDays", certificateDays, RENEWAL_DAYS + 1, 3650, "days", problems);
}

function checkMetrics(metrics: ResolvedMetrics, problems: Problems): void {
  checkImage("metrics.image", metrics.image, problems);
  const { url, majorVersion, username, password, bearerToken, clientCertificate, clientKey } = metrics;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const bare =
    parsed?.username === "" && parsed.password === "" && parsed.search === "" && parsed.hash === "";
  problems.check(
    parsed?.protocol === "https:" && bare,
    "metrics.url",
    `"${bare ? url : "…"}" must be an https:// address without credentials, query or fragment`,
  );
  problems.check(
    majorVersion === 2 || majorVersion === 3,
    "metrics.majorVersion",
    `${String(majorVersion)} must be 2 or 3`,
  );
  problems.check(
    (username === undefined) === (password === undefined),
    "metrics.password",
    "must be given with `username`, and that with it",
  );
  problems.check(
    (clientCertificate === undefined) === (clientKey === undefined),
    "metrics.clientKey",
    "must be given with `clientCertificate`, and that with it",
  );
  problems.check(
    username === undefined || bearerToken === undefined,
    "metrics.bearerToken",
    "must not be given with `username`: a request carries one of both",
  );
  problems.check(
    username !== undefined || bearerToken !== undefined || clientCertificate !== undefined,
    "metrics",
    "must have `username`, `bearerToken` or `clientCertificate`: a receiver that asks nobody takes samples of anybody",
  );
  within("metrics.bufferHours", metrics.bufferHours, 2, 720, "hours", problems);
  within("metrics.scrapeInterval", metrics.scrapeInterval, 5, 300, "seconds", problems);
  within("metrics.maxSeries", metrics.maxSeries, 100, 100_000, "series", problems);
  checkCidrs("metrics.receiverCidrs", metrics.receiverCidrs ?? [], problems);
}

function checkCidrs(path: string, cidrs: readonly string[], problems: Problems): void {
  cidrs.forEach((cidr, i) =>
    problems.check(isIpv4Cidr(cidr), `${path}[${i}]`, `"${cidr}" must be an IPv4 range, as in "10.0.0.0/8"`),
  );
}

function within(
  path: string,
  value: number,
  least: number,
  most: number,
  unit: string,
  problems: Problems,
): void {
  problems.check(
    Number.isInteger(value) && value >= least && value <= most,
    path,
    `${value} must be a whole number of ${unit} from ${least} to ${most}`,
  );
}
