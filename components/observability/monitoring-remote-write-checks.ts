import { checkPodTarget } from "../internal/prometheus-checks";
import { isHostName, plainValue, type Problems } from "../internal/validation";
import type { RemoteWrite } from "./monitoring-remote-write";

const WAYS = ["basic", "bearerToken", "sigv4"] as const;

const HEADER = /^[A-Za-z][A-Za-z0-9-]*$/;
/** Headers that Prometheus sets itself, and those that would be a secret in the open. */
const TAKEN = [
  "authorization",
  "host",
  "content-encoding",
  "content-length",
  "content-type",
  "user-agent",
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "www-authenticate",
  "x-prometheus-remote-write-version",
];

/** Records what Prometheus or its operator would refuse of receivers of samples. */
export function checkRemoteWrite(receivers: readonly RemoteWrite[], path: string, problems: Problems): void {
  const names = new Map<string, number>();
  receivers.forEach((receiver, i) => {
    const at = `${path}[${i}]`;
    checkAddress(receiver, at, problems);
    checkWays(receiver, at, problems);
    checkPodTarget(receiver.pods, `${at}.pods`, problems);
    for (const header of Object.keys(receiver.headers ?? {})) {
      problems.check(
        HEADER.test(header) && !TAKEN.includes(header.toLowerCase()),
        `${at}.headers.${header}`,
        "must be a header that neither Prometheus sets itself nor holds a secret",
      );
    }
    if (receiver.name === undefined) return;
    const earlier = names.get(receiver.name);
    problems.check(receiver.name !== "", `${at}.name`, '"" must not be empty');
    if (earlier !== undefined) problems.add(`${at}.name`, `"${receiver.name}" is also ${path}[${earlier}]`);
    names.set(receiver.name, i);
  });
}

function checkAddress({ url, insecure }: RemoteWrite, path: string, problems: Problems): void {
  const parsed = URL.canParse(url) && !/\s/.test(url) ? new URL(url) : undefined;
  const allowed = insecure ? ["https:", "http:"] : ["https:"];
  if (parsed === undefined || parsed.hostname === "" || !allowed.includes(parsed.protocol)) {
    const plain = parsed?.protocol === "http:";
    problems.add(
      `${path}.url`,
      plain
        ? `"${url}" must be https, or \`insecure\` must be true: samples and credentials could be read on their way`
        : `"${url}" must be an https address, as in "https://metrics.example.com/api/v1/push"`,
    );
    return;
  }
  problems.check(
    parsed.username === "" && parsed.password === "",
    `${path}.url`,
    "must hold no user name and no password: use `basic`",
  );
}

function checkWays(receiver: RemoteWrite, path: string, problems: Problems): void {
  const { basic, bearerToken, sigv4, tls } = receiver;
  const ways = WAYS.filter((way) => receiver[way] !== undefined);
  problems.check(
    ways.length <= 1,
    path,
    `${ways.join(" and ")} cannot be combined: one of them proves who writes`,
  );
  const texts = {
    "basic.username": basic?.username,
    "basic.password": basic?.password,
    bearerToken,
    "sigv4.accessKey": sigv4?.accessKey,
    "sigv4.secretKey": sigv4?.secretKey,
  };
  for (const [field, value] of Object.entries(texts))
    problems.check(plainValue(value) !== "", `${path}.${field}`, '"" must not be empty');
  if (sigv4) {
    problems.check(
      /^[a-z]{2}(-[a-z]+)+-\d$/.test(sigv4.region),
      `${path}.sigv4.region`,
      `"${sigv4.region}" must be a region of AWS, as in "eu-central-1"`,
    );
    problems.check(
      (sigv4.accessKey === undefined) === (sigv4.secretKey === undefined),
      `${path}.sigv4.accessKey`,
      "must be given with `secretKey`, and that with it",
    );
    problems.check(
      sigv4.roleArn === undefined || /^arn:[a-z-]+:iam::\d{12}:role\/\S+$/.test(sigv4.roleArn),
      `${path}.sigv4.roleArn`,
      `"${sigv4.roleArn}" must be the ARN of a role, as in "arn:aws:iam::123456789012:role/metrics"`,
    );
  }
  if (tls === undefined) return;
  problems.check(
    (tls.clientCertificate === undefined) === (tls.clientKey === undefined),
    `${path}.tls.clientCertificate`,
    "must be given with `clientKey`, and that with it",
  );
  problems.check(
    tls.serverName === undefined || isHostName(tls.serverName),
    `${path}.tls.serverName`,
    `"${tls.serverName}" must be a host name`,
  );
  const certificates = { caCertificates: tls.caCertificates, clientCertificate: tls.clientCertificate };
  for (const [field, pem] of Object.entries(certificates)) {
    const plain = plainValue(pem);
    problems.check(
      plain === undefined ||
        (plain.includes("-----BEGIN CERTIFICATE-----") && !plain.includes("PRIVATE KEY")),
      `${path}.tls.${field}`,
      "must be certificates in PEM, and no key",
    );
  }
}
