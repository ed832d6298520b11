import { checkPeers } from "../internal/peer-checks";
import { isIpv4Cidr } from "../internal/references";
import { isHostName, type Problems } from "../internal/validation";
import { endpointOf, payloadLogTarget, type PayloadLog } from "./payload-log-settings";

const FORMS = "`kafka://HOST:PORT[,HOST:PORT…]/TOPIC` or `s3://BUCKET[/PREFIX]`, without credentials";
const MECHANISMS = ["plain", "scram-sha-256", "scram-sha-512"];
const ENCRYPTIONS = ["none", "AES256", "aws:kms"];
/** Fields that are about one kind of target. */
const KAFKA_FIELDS = ["mechanism"] as const;
const S3_FIELDS = ["endpoint", "region", "encryption", "kmsKey", "flushInterval"] as const;

/** Records what is wrong with a payload log, below `payloadLog`. */
export function checkPayloadLog(log: PayloadLog | undefined, problems: Problems): void {
  if (log === undefined) return;
  const check = (holds: boolean, field: string, reason: string) =>
    problems.check(holds, `payloadLog.${field}`, reason);
  const { endpoint, plaintext = false } = log;
  const url = endpoint === undefined ? undefined : endpointOf(endpoint);
  check(
    endpoint === undefined || url !== undefined,
    "endpoint",
    `"${endpoint ?? ""}" must be an address: https://host[:port]`,
  );
  const target = payloadLogTarget({ ...log, endpoint: url && endpoint });
  if (target === undefined) {
    // Not shown where it may be a password.
    const shown = log.target.includes("@") ? "what is given" : `"${log.target}"`;
    check(false, "target", `${shown} must be ${FORMS}`);
    return;
  }
  const foreign = target.kind === "kafka" ? S3_FIELDS : KAFKA_FIELDS;
  for (const field of foreign) {
    const other = target.kind === "kafka" ? "s3" : "kafka";
    check(log[field] === undefined, field, `is of no use for "${log.target}": it is about ${other}://`);
  }
  if (url) {
    check(
      url.protocol === "https:" || plaintext,
      "endpoint",
      `"${endpoint}" speaks plain HTTP, over which payloads can be read: use https://, or set \`plaintext\``,
    );
  }
  checkCredentials(log, target.kind, check);
  checkSample(log, check);
  checkStore(log, check);
  const isAws = target.kind === "s3" && endpoint === undefined;
  check(
    isAws || (log.pods?.length ?? 0) + (log.cidrs?.length ?? 0) > 0,
    "pods",
    "must be given, or `cidrs`: the pods may connect to nothing else",
  );
  checkPeers("payloadLog.pods", log.pods, problems);
  log.cidrs?.forEach((cidr, i) =>
    check(isIpv4Cidr(cidr), `cidrs[${i}]`, `"${cidr}" must be an IPv4 range, as in "10.1.0.0/16"`),
  );
}

type Check = (holds: boolean, field: string, reason: string) => void;

function checkCredentials(log: PayloadLog, kind: "kafka" | "s3", check: Check): void {
  const { credentialsSecret, mechanism, ca, plaintext = false } = log;
  check(
    credentialsSecret === undefined || isHostName(credentialsSecret),
    "credentialsSecret",
    `"${credentialsSecret ?? ""}" must be the name of a Secret`,
  );
  if (kind === "s3") {
    check(
      credentialsSecret !== undefined,
      "credentialsSecret",
      "must be given: a Secret with `access-key-id` and `secret-access-key`",
    );
  } else {
    check(
      credentialsSecret === undefined || !plaintext,
      "credentialsSecret",
      "must not be given with `plaintext`: it could be read on its way",
    );
    check(
      mechanism === undefined || MECHANISMS.includes(mechanism),
      "mechanism",
      `"${mechanism ?? ""}" must be one of ${MECHANISMS.join(", ")}`,
    );
    check(
      mechanism === undefined || credentialsSecret !== undefined,
      "mechanism",
      `"${mechanism ?? ""}" is of no use without \`credentialsSecret\``,
    );
  }
  check(ca === undefined || !plaintext, "ca", "is of no use with `plaintext`");
  check(
    ca === undefined || ca.includes("-----BEGIN CERTIFICATE-----"),
    "ca",
    "must be a certificate in PEM form",
  );
}

function checkSample({ sampleRatio = 1, maxElements = 0, redact = [] }: PayloadLog, check: Check): void {
  check(
    sampleRatio > 0 && sampleRatio <= 1,
    "sampleRatio",
    `${sampleRatio} must be more than 0 and at most 1`,
  );
  check(
    Number.isInteger(maxElements) && maxElements >= 0 && maxElements <= 65_536,
    "maxElements",
    `${maxElements} must be a whole number from 0 to 65536`,
  );
  // The server reads them as a list with commas.
  redact.forEach((name, i) =>
    check(
      /^[^,\s]([^,]*[^,\s])?$/.test(name),
      `redact[${i}]`,
      `"${name}" must be a tensor's name without commas`,
    ),
  );
}

function checkStore({ encryption, kmsKey, flushInterval = 1, region }: PayloadLog, check: Check): void {
  check(
    encryption === undefined || ENCRYPTIONS.includes(encryption),
    "encryption",
    `"${encryption ?? ""}" must be one of ${ENCRYPTIONS.join(", ")}`,
  );
  check(
    kmsKey === undefined || encryption === "aws:kms",
    "kmsKey",
    `"${kmsKey ?? ""}" needs \`encryption\` "aws:kms"`,
  );
  check(
    kmsKey === undefined || /^[\x21-\x7e]{1,2048}$/.test(kmsKey),
    "kmsKey",
    "must be the id or ARN of a key",
  );
  check(
    flushInterval >= 1 && flushInterval <= 3600,
    "flushInterval",
    `${flushInterval} must be from 1 to 3600 seconds`,
  );
  check(
    region === undefined || /^[a-z0-9-]{1,63}$/.test(region),
    "region",
    `"${region ?? ""}" must be the name of a region, as in "eu-central-1"`,
  );
}
