import type * as pulumi from "@pulumi/pulumi";
import { isDnsLabel, isHostName, isPort, plainValue, type Problems } from "../internal/validation";

/** Who takes spans by OTLP over gRPC: a TelemetryCollector, or such a Service of the gateway's namespace. */
export interface SpanReceiver {
  readonly serviceName: pulumi.Input<string>;
  readonly grpcPort: number;
  /**
   * Name that its certificate is good for; needs `authorityConfigMap`.
   * @default none: it does not speak TLS
   */
  readonly hostName?: pulumi.Input<string>;
  /**
   * ConfigMap of the gateway's namespace with the authority of its certificate in `ca.crt`.
   * @default none
   */
  readonly authorityConfigMap?: pulumi.Input<string>;
}

/** How the proxies trace requests. */
export interface GatewayTracing {
  /** Who takes the spans. */
  readonly collector: SpanReceiver;
  /**
   * Of the requests whose caller has not decided by a `traceparent`, in percent with up to four decimals. The servers follow.
   * @default 1
   */
  readonly samplePercent?: number;
}

/** Defaults; a test ties each to its `@default` above. */
export const TRACING_DEFAULTS = { samplePercent: 1 } as const;

/** Checks and fills in the defaults. */
export function resolveTracing(tracing: GatewayTracing, path: string, problems: Problems) {
  const { collector } = tracing;
  const samplePercent = tracing.samplePercent ?? TRACING_DEFAULTS.samplePercent;
  problems.check(
    samplePercent >= 0 && samplePercent <= 100,
    `${path}.samplePercent`,
    `${samplePercent} must be a number from 0 to 100`,
  );
  problems.check(
    isPort(collector.grpcPort),
    `${path}.collector.grpcPort`,
    `${collector.grpcPort} must be from 1 to 65535`,
  );
  const serviceName = plainValue(collector.serviceName);
  problems.check(
    serviceName === undefined || isDnsLabel(serviceName),
    `${path}.collector.serviceName`,
    `"${serviceName}" must be the name of a Service of the gateway's namespace`,
  );
  for (const [field, what] of [
    ["hostName", 'a host name, as in "otel.tracing.svc"'],
    ["authorityConfigMap", "the name of a ConfigMap"],
  ] as const) {
    const value = plainValue(collector[field]);
    problems.check(
      value === undefined || isHostName(value),
      `${path}.collector.${field}`,
      `"${value}" must be ${what}`,
    );
  }
  problems.check(
    (collector.hostName === undefined) === (collector.authorityConfigMap === undefined),
    `${path}.collector`,
    "must have `hostName` and `authorityConfigMap` together, or neither where it does not speak TLS",
  );
  return { receiver: collector, samplePercent };
}

/** BackendTLSPolicy of the way to a receiver; undefined where it does not speak TLS. */
export function receiverTlsSpec({ serviceName, hostName, authorityConfigMap }: SpanReceiver) {
  if (hostName === undefined || authorityConfigMap === undefined) return undefined;
  return {
    targetRefs: [{ group: "", kind: "Service", name: serviceName, sectionName: "otlp-grpc" }],
    validation: {
      caCertificateRefs: [{ group: "", kind: "ConfigMap", name: authorityConfigMap }],
      hostname: hostName,
    },
  };
}
