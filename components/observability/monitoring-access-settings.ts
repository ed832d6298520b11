import type * as pulumi from "@pulumi/pulumi";
import { imageProblem } from "../internal/references";
import { checkLabels } from "../internal/placement-checks";
import { isDnsLabel, isHostName, isPort, plainValue, type Problems } from "../internal/validation";
import { checkAuth } from "../traffic/auth-checks";
import type { BasicAuth, JwtAuth, OidcAuth } from "../traffic/auth-settings";

/** A Grafana that is there already. It must speak TLS: nothing crosses the cluster that can be read on its way. */
export interface ExistingGrafana {
  /** Its Service. */
  readonly service: string;
  /** The Service's namespace. */
  readonly namespace: string;
  /**
   * Port of the Service.
   * @default 443
   */
  readonly port?: number;
  /** The authorities of its certificate, PEM. */
  readonly caCertificates: pulumi.Input<string>;
  /**
   * Name that its certificate must have.
   * @default SERVICE.NAMESPACE.svc
   */
  readonly hostName?: string;
  /**
   * Its pods, where their namespace lets nobody in by default: a policy then lets the gateway's proxies in, and nobody else.
   * @default none: no policy is made
   */
  readonly pods?: { readonly podLabels: Readonly<Record<string, string>>; readonly port: number };
}

/** How people prove who they are: names and passwords, or a sign-in with a browser (`oidc` with `jwt` of the same issuer). */
export interface AccessAuth {
  /**
   * Names and passwords. Scope `admin` may silence alerts, everybody may look.
   * @default none
   */
  readonly basic?: BasicAuth;
  /**
   * Tokens of an issuer, which `oidc` gets for people. Whoever has the right `admin` by `claims` may silence alerts.
   * @default none
   */
  readonly jwt?: JwtAuth;
  /**
   * Signing in with a browser.
   * @default none
   */
  readonly oidc?: OidcAuth;
}

/** The way through the gateway to `prometheus.HOST`, `alertmanager.HOST` and `grafana.HOST`; nobody is let through unknown. */
export interface MonitoringAccess {
  /**
   * The host beneath which they are; the gateway's certificate must be good for them.
   * @default the gateway's host
   */
  readonly host?: string;
  /**
   * Port under which people reach the gateway, as addresses and the links in alerts have it.
   * @default 443
   */
  readonly port?: number;
  /** How people prove who they are. */
  readonly auth: AccessAuth;
  /** Envoy's image, with a digest, for the container that speaks TLS beside Prometheus and Alertmanager, which do not. */
  readonly proxyImage: string;
  /**
   * A Grafana that is there already.
   * @default none
   */
  readonly grafana?: ExistingGrafana;
}

/** Defaults; a test ties each to its `@default` above. */
export const ACCESS_DEFAULTS = { port: 443 } as const;

/** First labels of the hosts. */
export const ACCESS_HOSTS = ["prometheus", "alertmanager", "grafana"] as const;

/** "alertmanager." goes before it. */
const LONGEST_HOST = 253 - "alertmanager.".length;

/** Records what is wrong with the way to the servers. */
export function checkAccess(access: MonitoringAccess, path: string, problems: Problems): void {
  const { host, port, auth, proxyImage, grafana } = access;
  problems.check(
    host === undefined || (isHostName(host) && host.length <= LONGEST_HOST),
    `${path}.host`,
    `"${host}" must be a host name of at most ${LONGEST_HOST} characters, as in "models.example.com"`,
  );
  problems.check(
    port === undefined || isPort(port),
    `${path}.port`,
    `${port} must be a whole number from 1 to 65535`,
  );
  const wrongImage = imageProblem(proxyImage);
  if (wrongImage) problems.add(`${path}.proxyImage`, wrongImage);
  const kinds = (["basic", "jwt", "oidc"] as const).filter((kind) => auth?.[kind] !== undefined);
  if (kinds.length === 0) {
    problems.add(
      `${path}.auth`,
      "must have `basic`, or `oidc` with `jwt`: neither Prometheus nor Alertmanager asks anybody who they are",
    );
  } else checkAuth(auth, `${path}.auth`, problems);
  if (grafana) checkGrafana(grafana, `${path}.grafana`, problems);
}

function checkGrafana(
  { service, namespace, port, caCertificates, hostName, pods }: ExistingGrafana,
  path: string,
  problems: Problems,
): void {
  problems.check(isDnsLabel(service), `${path}.service`, `"${service}" must be the name of a Service`);
  problems.check(
    isDnsLabel(namespace),
    `${path}.namespace`,
    `"${namespace}" must be the name of a namespace`,
  );
  for (const [field, number] of [
    ["port", port],
    ["pods.port", pods?.port],
  ] as const)
    problems.check(
      number === undefined || isPort(number),
      `${path}.${field}`,
      `${number} must be from 1 to 65535`,
    );
  const pem = plainValue(caCertificates);
  problems.check(
    pem === undefined || (pem.includes("-----BEGIN CERTIFICATE-----") && !pem.includes("PRIVATE KEY")),
    `${path}.caCertificates`,
    "must be certificates in PEM, and no key",
  );
  problems.check(
    hostName === undefined || isHostName(hostName),
    `${path}.hostName`,
    `"${hostName}" must be a host name`,
  );
  if (pods) checkLabels(`${path}.pods.podLabels`, pods.podLabels, problems);
}
