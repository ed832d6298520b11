import * as fc from "fast-check";
import type { ServerlessEndpointArgs } from "../../../components";
import { ACM_ARN } from "../support/callers";
import { DIGEST } from "../support/examples";
import { hostName, label, maybe } from "./arbitrary-auth";

const text = fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 20 });

const auth: fc.Arbitrary<ServerlessEndpointArgs["auth"]> = fc.oneof(
  fc.constant({ type: "iam" as const }),
  fc.record(
    {
      type: fc.constant("jwt" as const),
      issuer: hostName.map((host) => `https://${host}`),
      audiences: fc.array(text, { minLength: 1, maxLength: 4 }),
      scopes: fc.array(fc.stringMatching(/^[a-z:/.]{1,20}$/), { minLength: 1, maxLength: 3 }),
    },
    { requiredKeys: ["type", "issuer", "audiences"] },
  ),
);

const concurrency = fc
  .tuple(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 0, max: 1000 }))
  .map(([reserved, some]) => ({
    reservedConcurrency: reserved,
    provisionedConcurrency: Math.min(reserved, some),
  }));

const ids = (prefix: string, most: number) =>
  fc.array(
    fc.nat().map((id) => `${prefix}-${id}`),
    { minLength: 1, maxLength: most },
  );

const IMAGE = `123456789012.dkr.ecr.eu-central-1.amazonaws.com/slipway/runtime@${DIGEST}`;

/** An endpoint of models that lie in its image, with nothing wrong. */
export const arbitraryEndpoint: fc.Arbitrary<ServerlessEndpointArgs> = fc
  .tuple(
    auth,
    concurrency,
    fc.record(
      {
        imageModels: fc.stringMatching(/^\/[A-Za-z0-9._-]{1,20}$/),
        architecture: fc.constantFrom("x86_64" as const, "arm64" as const),
        memoryMiB: fc.constantFrom(128, 1769, 10_240),
        storageMiB: fc.constantFrom(512, 10_240),
        timeout: fc.constantFrom(1, 29, 900),
        requestsPerSecond: fc.constantFrom(0.5, 50, 10_000),
        burst: fc.constantFrom(1, 5000),
        domain: fc.record({
          hostName: hostName.map((host) => `a.${host}`),
          certificateArn: fc.constant(ACM_ARN),
        }),
        network: fc.record({ subnetIds: ids("subnet", 16), securityGroupIds: ids("sg", 5) }),
        logRetentionDays: fc.constantFrom(1, 365, 3653),
        metricsNamespace: fc
          .stringMatching(/^[A-Za-z0-9._/#-]{1,30}$/)
          .filter((name) => !name.startsWith("AWS/")),
        tags: fc.dictionary(label(10), label(10), { maxKeys: 3, noNullPrototype: true }),
      },
      { requiredKeys: [] },
    ),
    maybe(fc.constantFrom("info", "debug")),
  )
  .map(([who, concurrent, rest, logLevel]) => ({
    ...rest,
    ...concurrent,
    image: IMAGE,
    auth: who,
    ...(logLevel ? { options: { logLevel } } : {}),
  }));
