import * as pulumi from "@pulumi/pulumi";
import { ENV, FUNCTION_OPTIONS } from "../../runtime/contract";
import { RETENTION_DAYS } from "../cluster/network-settings";
import type { GivenServerless, ResolvedServerless } from "../serving/serverless-settings";
import { signatureKeyOf } from "../model/repository-models";
import { checkAllSigned } from "./model-keys";
import { environmentProblem } from "./serverless-environment";
import { MEMORY_FORM } from "./resource-checks";
import { imageProblem } from "./references";
import { variableOf } from "./server-options";
import { Problems, isHostName, plainValue } from "./validation";

/** A private repository of ECR: Lambda takes images from nowhere else. */
const ECR = /^\d{12}\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\/[a-z0-9]/;

/** Subnets and groups that Lambda takes. */
const MOST_SUBNETS = 16;
const MOST_GROUPS = 5;

/** A role's name has 64 characters at most; `-role` and Pulumi's random ending take 13. */
const LONGEST_NAME = 48;

/**
 * Checks an endpoint as it was given and as it was understood.
 * @throws InputPropertiesError with every problem.
 */
export function checkServerless(name: string, args: GivenServerless, settings: ResolvedServerless): void {
  const problems = new Problems("ServerlessEndpoint", name);
  problems.check(
    /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(name) && name.length <= LONGEST_NAME,
    "name",
    `"${name}" must be at most ${LONGEST_NAME} letters, digits, "-" or "_": function and role are called after it`,
  );
  checkImage(args.image, problems);
  checkAuth(args.auth, problems);
  checkModels(settings, problems);
  checkSizes(args, settings, problems);
  checkConcurrency(settings, problems);
  checkDomain(settings, problems);
  checkNetwork(settings, problems);
  problems.check(
    (RETENTION_DAYS as readonly number[]).includes(settings.logRetentionDays),
    "logRetentionDays",
    `${settings.logRetentionDays} must be one of ${RETENTION_DAYS.join(", ")}`,
  );
  const { metricsNamespace } = settings;
  problems.check(
    metricsNamespace === undefined ||
      (/^[A-Za-z0-9._/#:-]{1,255}$/.test(metricsNamespace) && !/^(AWS\/|:)/.test(metricsNamespace)),
    "metricsNamespace",
    `"${metricsNamespace}" must be 1 to 255 letters, digits, ".", "_", "/", "#", ":" or "-", and begin neither with "AWS/" nor ":"`,
  );
  for (const option of Object.keys(settings.options)) {
    problems.check(
      FUNCTION_OPTIONS.some((known) => variableOf(known) === variableOf(option)),
      `options.${option}`,
      `"${option}" must be one of ${FUNCTION_OPTIONS.join(", ")}`,
    );
  }
  problems.throwIfAny();
}

function checkImage(image: GivenServerless["image"], problems: Problems): void {
  if (pulumi.Resource.isInstance(image)) {
    problems.check(
      image.isList !== true,
      "image",
      "is a list of manifests, which Lambda does not take: its RuntimeImage needs `attestations: false` and a single platform",
    );
    return;
  }
  const reference = plainValue(image);
  const wrong = reference === undefined ? undefined : functionImageProblem(reference);
  if (wrong) problems.add("image", wrong);
}

/** What is wrong with the image of a function, or undefined. */
export function functionImageProblem(image: string): string | undefined {
  const wrong = imageProblem(image);
  if (wrong !== undefined) return wrong;
  if (ECR.test(image)) return undefined;
  return `"${image}" must lie in a private repository of ECR (ACCOUNT.dkr.ecr.REGION.amazonaws.com/…): Lambda takes images from nowhere else`;
}

function checkAuth(auth: GivenServerless["auth"], problems: Problems): void {
  // Not every program is checked by a compiler.
  const { type } = (auth ?? {}) as { type?: unknown };
  if (type !== "jwt") {
    problems.check(
      type === "iam",
      "auth.type",
      `"${String(type)}" must be "iam" or "jwt": every route asks who calls`,
    );
    return;
  }
  const { issuer, audiences, scopes } = auth as Extract<GivenServerless["auth"], { type: "jwt" }>;
  const plain = plainValue(issuer);
  problems.check(
    plain === undefined || /^https:\/\/[^\s?#]+$/.test(plain),
    "auth.issuer",
    `"${plain}" must be an https:// address, without query or fragment`,
  );
  problems.check(
    audiences.length > 0 && audiences.every((audience) => audience !== ""),
    "auth.audiences",
    "must name at least one audience: a token that was issued for another service would be taken otherwise",
  );
  problems.check(
    scopes === undefined || (scopes.length > 0 && scopes.every((scope) => /^[^\s"\\]+$/.test(scope))),
    "auth.scopes",
    `[${scopes?.join(", ")}] must be at least one scope, without white space`,
  );
}

function checkModels(settings: ResolvedServerless, problems: Problems): void {
  const { models, repository, imageModels } = settings;
  problems.check(
    /^\/[A-Za-z0-9._/-]+$/.test(imageModels),
    "imageModels",
    `"${imageModels}" must be an absolute path, as in "/models"`,
  );
  if (models === undefined) {
    problems.check(repository === undefined, "models", "must be given with `repository`");
    problems.check(
      settings.modelSize === undefined,
      "modelSize",
      "is of models that are fetched, of which there are none",
    );
    return;
  }
  problems.check(models.length > 0, "models", "must name at least one model");
  if (repository === undefined) {
    problems.add("repository", "must be given with `models`");
    return;
  }
  problems.check(
    repository.kind !== "pvc",
    "repository",
    'is of kind "pvc", but a function cannot mount volumes of a cluster; use "s3" or "oci"',
  );
  models.forEach(({ name, version }, i) =>
    problems.check(
      repository.models.some((other) => other.name === name && other.version === version),
      `models[${i}]`,
      `${name}/${version} is not in the repository`,
    ),
  );
  checkAllSigned(models, repository, problems);
  // What a source adds to its path is known only when the function is made, and checked again then.
  const listed = models.map((model) => {
    const { name, version, source = "", sha256 } = model;
    const publicKey = signatureKeyOf(model, repository);
    return { name, version, source, sha256, ...(publicKey === undefined ? {} : { publicKey }) };
  });
  const tooLarge = environmentProblem({ [ENV.models]: JSON.stringify(listed) });
  if (tooLarge) problems.add("models", tooLarge);
}

function checkSizes(args: GivenServerless, settings: ResolvedServerless, problems: Problems): void {
  const { memoryMiB, storageMiB, timeout, modelSize, modelBytes, architecture } = settings;
  problems.check(
    modelSize === undefined || modelBytes > 0,
    "modelSize",
    `"${modelSize}" must be ${MEMORY_FORM}`,
  );
  const derived = (field: "memoryMiB" | "storageMiB") =>
    args[field] === undefined && modelBytes > 0 ? `, which models of ${modelSize} (\`modelSize\`) take` : "";
  within("memoryMiB", memoryMiB, 128, 10_240, derived("memoryMiB"), problems);
  within("storageMiB", storageMiB, 512, 10_240, derived("storageMiB"), problems);
  within("timeout", timeout, 1, 900, "", problems);
  problems.check(
    memoryMiB * 2 ** 20 > modelBytes,
    "memoryMiB",
    `${memoryMiB} cannot hold models of ${modelSize} (\`modelSize\`) and the server`,
  );
  problems.check(
    storageMiB * 2 ** 20 > modelBytes,
    "storageMiB",
    `${storageMiB} cannot hold models of ${modelSize} (\`modelSize\`)`,
  );
  problems.check(
    architecture === "x86_64" || architecture === "arm64",
    "architecture",
    `"${String(architecture)}" must be "x86_64" or "arm64"`,
  );
}

function within(
  field: string,
  value: number,
  least: number,
  most: number,
  why: string,
  problems: Problems,
): void {
  problems.check(
    Number.isInteger(value) && value >= least && value <= most,
    field,
    `${value}${why} must be a whole number from ${least} to ${most}`,
  );
}

function checkConcurrency(settings: ResolvedServerless, problems: Problems): void {
  const { reservedConcurrency: reserved, provisionedConcurrency: provisioned } = settings;
  problems.check(
    Number.isInteger(reserved) && reserved >= 1,
    "reservedConcurrency",
    `${reserved} must be a whole number >= 1; with 0 the function would refuse every request`,
  );
  problems.check(
    Number.isInteger(provisioned) && provisioned >= 0,
    "provisionedConcurrency",
    `${provisioned} must be a whole number >= 0`,
  );
  problems.check(
    !(provisioned > reserved),
    "provisionedConcurrency",
    `${provisioned} must be <= \`reservedConcurrency\` (${reserved})`,
  );
  const { requestsPerSecond, burst } = settings;
  problems.check(
    requestsPerSecond > 0,
    "requestsPerSecond",
    `${requestsPerSecond} must be a number greater than 0`,
  );
  problems.check(Number.isInteger(burst) && burst >= 1, "burst", `${burst} must be a whole number >= 1`);
}

function checkDomain({ domain }: ResolvedServerless, problems: Problems): void {
  if (domain === undefined) return;
  const { hostName } = domain;
  problems.check(
    isHostName(hostName) && hostName.includes("."),
    "domain.hostName",
    `"${hostName}" must be a host name, as in "models.example.com"`,
  );
  const arn = plainValue(domain.certificateArn);
  problems.check(
    arn === undefined || /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[a-z0-9-]+$/.test(arn),
    "domain.certificateArn",
    `"${arn}" must be the ARN of a certificate in AWS Certificate Manager`,
  );
}

function checkNetwork({ network }: ResolvedServerless, problems: Problems): void {
  if (network === undefined) return;
  for (const [field, values, most] of [
    ["subnetIds", network.subnetIds, MOST_SUBNETS],
    ["securityGroupIds", network.securityGroupIds, MOST_GROUPS],
  ] as const) {
    problems.check(
      values.length >= 1 && values.length <= most,
      `network.${field}`,
      `${values.length} must be from 1 to ${most}`,
    );
  }
}
