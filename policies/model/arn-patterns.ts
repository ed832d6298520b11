/** The parts of an ARN pattern that tell whom or what it names. */
interface ArnPattern {
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

/** Undefined for what is no ARN. A `*` at the end stands for all the parts that are not written. */
function arnPattern(text: string): ArnPattern | undefined {
  if (/^\*+$/.test(text)) return { service: "*", region: "*", account: "*", resource: "*" };
  const [start, , service = "*", region = "*", account = "*", ...resource] = text.split(":");
  if (start !== "arn" || (resource.length === 0 && !text.endsWith("*"))) return undefined;
  return { service, region, account, resource: resource.length === 0 ? "*" : resource.join(":") };
}

/** Services whose ARNs state the kind of a resource before its name; those of others, S3 and SQS too, begin with the name. */
const TYPED = new Set(
  (
    "iam sts kms secretsmanager ssm dynamodb kinesis lambda ecr eks ecs ec2 rds logs events states sagemaker " +
    "cloudfront elasticloadbalancing elasticache backup codebuild firehose glue athena cognito-idp"
  ).split(" "),
);

/** What is written before the first wildcard; undefined where there is no `*`, or something is written after it. */
function writtenPrefix(resource: string): string | undefined {
  const [prefix = "", rest = ""] = [/^[^*?]*/.exec(resource)?.[0] ?? "", /[*?].*$/.exec(resource)?.[0] ?? ""];
  return rest.includes("*") && /^[*?:/]*$/.test(rest) ? prefix : undefined;
}

/** Whether the last part stands for every resource of the service, or of one kind of it, as `role/*` does. */
function namesNothing({ service, resource }: ArnPattern): boolean {
  const prefix = writtenPrefix(resource);
  return prefix === "" || (prefix !== undefined && TYPED.has(service) && /^[\w-]+[:/]?$/.test(prefix));
}

const isAnyAccount = (account: string) => account === "" || /[*?]/.test(account);

/** Whether a pattern for whoever calls leaves out no account: neither the account nor a name is written in it. */
export function coversEveryAccount(text: string): boolean {
  const pattern = arnPattern(text);
  return pattern !== undefined && isAnyAccount(pattern.account) && namesNothing(pattern);
}

/** Services whose names everybody chooses for himself: not those with one name in the world, as S3, or with numbers by AWS. */
const OWN_NAMES = new Set(
  (
    "iam sts sns sqs events scheduler pipes lambda logs cloudwatch dynamodb kinesis firehose states " +
    "codebuild codepipeline sagemaker batch ecs rds glue backup"
  ).split(" "),
);

/** Whether a pattern for whoever calls names something that anybody can have in an account of his own, as `arn:aws:iam::*:role/x`. */
export function isNameInAnyAccount(text: string): boolean {
  const pattern = arnPattern(text);
  return pattern !== undefined && /[*?]/.test(pattern.account) && OWN_NAMES.has(pattern.service);
}

/** Whether a pattern stands for any resource of a service, in any region; of a kind only, in whatever account. */
export function coversEveryResource(text: string): boolean {
  const pattern = arnPattern(text);
  if (pattern === undefined || !/^[*?]*$/.test(pattern.region)) return false;
  return writtenPrefix(pattern.resource) === "" || (isAnyAccount(pattern.account) && namesNothing(pattern));
}

const IDENTITIES = ["role/", "user/", "group/", "policy/"];

/** Whether a pattern stands for every role, user, group or policy of an account. */
export function coversEveryIdentity(text: string): boolean {
  const pattern = arnPattern(text);
  if (pattern === undefined || !/^iam$|\*/.test(pattern.service)) return false;
  const prefix = writtenPrefix(pattern.resource);
  return prefix !== undefined && IDENTITIES.some((kind) => kind.startsWith(prefix));
}

/** What stands before the names of secrets and keys. */
const HELD: Readonly<Record<string, string>> = { secretsmanager: "secret", kms: "key" };

/** Whether a pattern stands for every secret or every key of an account, as `secret:*` and `key/*` do. */
export function coversEverySecret(text: string): boolean {
  const pattern = arnPattern(text);
  const kind = pattern && HELD[pattern.service];
  if (kind === undefined) return false;
  const prefix = writtenPrefix(pattern!.resource);
  return prefix !== undefined && [":", "/"].some((sign) => `${kind}${sign}`.startsWith(prefix));
}
