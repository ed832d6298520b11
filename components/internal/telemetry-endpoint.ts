import type * as k8s from "@pulumi/kubernetes/types/input";
import { namespaceSelector } from "./labels";
import { isIpv4 } from "./references";

/** Where something listens, as a URL says it. */
export interface TelemetryAddress {
  readonly host: string;
  readonly port: number;
  readonly isPlain: boolean;
  /** Namespace of the Service that the host names; undefined outside of the cluster. */
  readonly namespace: string | undefined;
}

const SERVICE = /^[a-z0-9-]+\.([a-z0-9-]+)\.svc(\.cluster\.local)?$/;

/** Reads `https://HOST[:PORT][/PATH]`; undefined where the text is no such address. */
export function telemetryAddress(endpoint: string): TelemetryAddress | undefined {
  if (/\s/.test(endpoint) || !URL.canParse(endpoint)) return undefined;
  const { protocol, hostname, port, search, hash, username, password } = new URL(endpoint);
  const isPlain = protocol === "http:";
  if (!isPlain && protocol !== "https:") return undefined;
  if (hostname === "" || search !== "" || hash !== "" || username !== "" || password !== "") return undefined;
  return {
    host: hostname,
    port: port === "" ? (isPlain ? 80 : 443) : Number(port),
    isPlain,
    namespace: SERVICE.exec(hostname)?.[1],
  };
}

/**
 * What is wrong with an address that telemetry is sent to, or undefined. Traces name callers, models and times: outside of the cluster
 * they travel encrypted unless somebody says that they need not.
 */
export function endpointProblem(endpoint: string, insecure = false): string | undefined {
  const address = telemetryAddress(endpoint);
  if (address === undefined)
    return `"${endpoint}" must be a URL without credentials and query, as in "https://otlp.example.com:4318"`;
  if (/\/v1\/(traces|logs|metrics)\/?$/.test(endpoint))
    return `"${endpoint}" must be without the path of a signal: leave \`/v1/…\` out`;
  if (address.isPlain && address.namespace === undefined && !insecure)
    return `"${endpoint}" leaves the cluster without encryption: give an address with https://, or set \`insecure\` if that is meant`;
  return undefined;
}

/** The flow to such an address. A Service is reached at its pods, whose port must be the Service's own. */
export function telemetryEgress(
  endpoint: string,
  cidrs: readonly string[] = [],
): k8s.networking.v1.NetworkPolicyEgressRule {
  const { host, port, namespace } = telemetryAddress(endpoint)!;
  const ports = [{ protocol: "TCP", port }];
  if (namespace !== undefined) return { to: [{ namespaceSelector: namespaceSelector(namespace) }], ports };
  if (cidrs.length > 0) return { to: cidrs.map((cidr) => ({ ipBlock: { cidr } })), ports };
  if (isIpv4(host)) return { to: [{ ipBlock: { cidr: `${host}/32` } }], ports };
  // A policy cannot name a host; link-local addresses are where clouds hand out credentials.
  return { to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }], ports };
}
