import * as pulumi from "@pulumi/pulumi";
import type { Scraper } from "./internal/monitor-labels";
import type { Peer } from "./internal/network-policy";
import type { ServingStack } from "./serving-stack";
import type { RouteSecurity } from "./traffic/route-security";

/** Name of the stack output. */
const OUTPUT = "platform";

interface PodsOfPlatform {
  readonly namespace: string;
  readonly podLabels: Readonly<Record<string, string>>;
}

/**
 * What a platform's stack tells those who add services to it from stacks of their own: names and public values only, among them how
 * callers are asked who they are. Whoever
 * may read a stack's outputs may read this; no key is in it, since each team signs its own servers' certificates.
 */
export interface ExistingPlatform {
  /** The server's image, with a digest. */
  readonly runtimeImage: string;
  /** Registries (`host[:port]`) that the platform speaks to without TLS. */
  readonly insecureRegistries: readonly string[];
  /** The gateway; routes must be in its namespace, and so must their services. */
  readonly gateway: {
    readonly gatewayName: string;
    readonly namespace: string;
    readonly host: string;
    readonly tokens: { readonly issuer: string; readonly audience: string; readonly jwks: string };
    readonly proxies: PodsOfPlatform;
    /**
     * What every route has to bring along so that it asks its callers as the platform's own routes do: names of Secrets, and who may
     * what, but no key and no password. A platform that does not tell it asks for tokens alone.
     */
    readonly security?: RouteSecurity;
  };
  /** Pods that may read a service's metrics: Prometheus, or nobody; and what it looks for on monitors. */
  readonly scrapers: readonly (PodsOfPlatform & Pick<Scraper, "monitorLabels">)[];
}

/** The value of a platform's stack output `platform`, which `existingPlatform` reads in another stack. */
export function platformOutput(stack: ServingStack): pulumi.Output<ExistingPlatform> {
  const { gateway, monitoring, repository, runtimeImage } = stack;
  const { issuer, audience, jwks } = gateway.tokens;
  const { gatewayName, namespace, host, security } = gateway;
  const pods = ({ namespace, podLabels }: Peer) => ({ namespace, podLabels });
  const scraper = (by: Scraper) =>
    by.monitorLabels === undefined ? pods(by) : { ...pods(by), monitorLabels: by.monitorLabels };
  return pulumi.output({
    runtimeImage,
    insecureRegistries: [...repository.insecureRegistries],
    gateway: {
      gatewayName,
      namespace,
      host,
      tokens: { issuer, audience, jwks },
      proxies: pods(gateway.proxies),
      security,
    },
    scrapers: monitoring ? [scraper(monitoring.scraper)] : [],
  }) as pulumi.Output<ExistingPlatform>;
}

/**
 * Reads what a platform's stack says of itself. The values are plain, so that all that is built on them is checked at preview.
 * @throws RunError where the stack has no such output.
 */
export async function existingPlatform(reference: pulumi.StackReference): Promise<ExistingPlatform> {
  const { value, secretValue } = await reference.getOutputDetails(OUTPUT);
  const platform = (value ?? secretValue) as ExistingPlatform | undefined;
  if (platform?.gateway === undefined) {
    const name = await stackName(reference);
    throw new pulumi.RunError(
      `Stack "${name}" has no output \`${OUTPUT}\`: name a stack of the platform's own program, after its first \`up\`, ` +
        `or have the stack export \`${OUTPUT} = platformOutput(stack)\`.`,
    );
  }
  return platform;
}

function stackName(reference: pulumi.StackReference): Promise<string> {
  return new Promise((resolve) => void reference.name.apply(resolve));
}
