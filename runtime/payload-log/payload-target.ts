import { isBrokerAddress } from "../consumer/broker-access";
import { UsageError } from "../option-table";

/** Where payloads go, read from `--payload-log`. */
export type PayloadTarget =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "otlp" }
  | {
      readonly kind: "kafka";
      /** `host:port` each. */
      readonly brokers: readonly string[];
      readonly topic: string;
    }
  | {
      readonly kind: "s3";
      readonly bucket: string;
      /** Without a slash at either end; empty for none. */
      readonly prefix: string;
    };

const FORMS = "a file, otlp, kafka://HOST:PORT[,HOST:PORT…]/TOPIC or s3://BUCKET[/PREFIX]";
const TOPIC = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}$/;
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** Characters of keys that every tool can handle: Amazon's "safe characters" and `=`, which folders of partitions have. */
const PREFIX = /^[A-Za-z0-9!_.*'()=/-]{0,512}$/;

/** @throws UsageError */
export function payloadTarget(text: string): PayloadTarget {
  const wrong = (why: string) => new UsageError(`\`--payload-log\` (${text}) ${why}`);
  if (text === "otlp") return { kind: "otlp" };
  const [, scheme, rest = ""] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(text) ?? [];
  if (scheme === undefined) return { kind: "file", path: text };
  if (rest.includes("@")) {
    // Not shown: it may be a password.
    throw new UsageError(
      `\`--payload-log\` (${scheme}://…) must not hold credentials: they are read from files (\`--payload-broker-password-file\`, \`--payload-s3-secret-key-file\`).`,
    );
  }
  const slash = rest.indexOf("/");
  const host = slash < 0 ? rest : rest.slice(0, slash);
  const path = slash < 0 ? "" : rest.slice(slash + 1);
  switch (scheme) {
    case "kafka": {
      const brokers = host.split(",");
      if (!brokers.every(isBrokerAddress)) {
        throw wrong("must name its brokers as host:port, separated by commas: kafka://HOST:PORT/TOPIC.");
      }
      if (!TOPIC.test(path)) {
        throw wrong(`must end with a topic ("${path}"): 1 to 249 letters, digits, ".", "_" and "-".`);
      }
      return { kind: "kafka", brokers, topic: path };
    }
    case "s3": {
      const prefix = path.replace(/\/$/, "");
      if (!BUCKET.test(host)) {
        throw wrong(`must name a bucket ("${host}"): 3 to 63 lower-case letters, digits, "." and "-".`);
      }
      if (!PREFIX.test(prefix) || prefix.split("/").some((part) => /^\.{0,2}$/.test(part) && prefix !== "")) {
        throw wrong(
          `has a prefix ("${prefix}") that is no path of letters, digits and !_.*'()=- (512 characters at most).`,
        );
      }
      return { kind: "s3", bucket: host, prefix };
    }
    default:
      throw wrong(`must be ${FORMS}.`);
  }
}

/** `http://` or `https://`, a host and perhaps a port; nothing after them. */
export function isHttpOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, pathname, search, hash, username } = new URL(text);
  return /^https?:$/.test(protocol) && pathname === "/" && `${search}${hash}${username}` === "";
}

/** Whether a URL's host name is this machine itself. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}
