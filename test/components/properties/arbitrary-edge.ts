import * as fc from "fast-check";
import type { EdgeMetrics, EdgeSettings, EdgeSiteArgs } from "../../../components";
import { arbitraryService } from "../serving/support/arbitrary-service";
import { CERTIFICATE } from "../support/callers";
import { IMAGE } from "../support/examples";
import { hostName } from "./arbitrary-auth";

const octet = fc.integer({ min: 0, max: 255 });
const address = fc
  .tuple(fc.integer({ min: 1, max: 223 }), octet, octet, octet)
  .map((bytes) => bytes.join("."));
const cidr = fc.tuple(fc.integer({ min: 1, max: 223 }), octet).map(([a, b]) => `${a}.${b}.0.0/16`);

/** What ends in a number is an address, and what begins with "xn--" another alphabet, to whoever reads a URL. */
const server = hostName.map((host) => `${host}.example`).filter((host) => URL.canParse(`https://${host}`));

/** How the receiver of metrics is told who sends them. */
const sender: fc.Arbitrary<Partial<EdgeMetrics>> = fc.oneof(
  fc.record({ username: fc.string({ minLength: 1 }), password: fc.string({ minLength: 1 }) }),
  fc.record({ bearerToken: fc.string({ minLength: 1 }) }),
  fc.constant({ clientCertificate: CERTIFICATE, clientKey: "key" }),
);

const metrics: fc.Arbitrary<EdgeMetrics> = fc
  .tuple(
    sender,
    server,
    fc.record(
      {
        majorVersion: fc.constantFrom(2 as const, 3 as const),
        caCertificate: fc.constant(CERTIFICATE),
        bufferHours: fc.constantFrom(2, 72, 720),
        scrapeInterval: fc.constantFrom(5, 300),
        maxSeries: fc.constantFrom(100, 100_000),
        receiverCidrs: fc.array(cidr, { minLength: 1, maxLength: 2 }),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([who, host, rest]) => ({ image: IMAGE, url: `https://${host}/api/v1/write`, ...who, ...rest }));

const reach = fc.oneof(
  fc.constant({}),
  fc.record({
    nodePort: fc.integer({ min: 30_000, max: 32_767 }),
    clientCidrs: fc.array(cidr, { minLength: 1, maxLength: 3 }),
  }),
);

const rest = fc.record(
  {
    metrics,
    hostNames: fc.array(hostName, { maxLength: 3 }),
    ipAddresses: fc.array(address, { maxLength: 3 }),
    certificateDays: fc.constantFrom(31, 730, 3650),
    modelPullSecret: hostName,
    fetchTimeout: fc.constantFrom(60, 3600, 86_400),
  },
  { requiredKeys: [] },
);

export type SiteSettings = EdgeSettings & Pick<EdgeSiteArgs, "apiKeys">;

/** Settings of an edge site that nothing is wrong with. */
export const arbitrarySite: fc.Arbitrary<SiteSettings> = fc
  .tuple(arbitraryService, reach, rest, fc.integer({ min: 1, max: 900 }), fc.boolean(), hostName)
  .map(([pods, reached, more, gib, sized, storageClass]) => {
    const { cpuRequest, cpuLimit, nodeSelector, nodeRequirements, tolerations } = pods;
    const { priorityClassName, imagePullSecrets, startupTimeout, modelSize, memoryRequest, memoryLimit } =
      pods;
    const cache = sized ? { size: `${gib + 500}Gi`, storageClass } : undefined;
    const place = { cpuRequest, cpuLimit, nodeSelector, nodeRequirements, tolerations };
    const time = { priorityClassName, imagePullSecrets, startupTimeout };
    const size = { modelSize, memoryRequest, memoryLimit, cache };
    const apiKeys = `till sha256:${"c".repeat(64)} infer\n`;
    return { ...place, ...time, ...size, ...reached, ...more, apiKeys };
  });
