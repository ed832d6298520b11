import type * as k8s from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import { ENV, TELEMETRY_CA_PATH } from "../../runtime/contract";
import { peer, type Peer } from "./network-policy";
import { OTLP_HTTP_PORT } from "./otel-config";
import { endpointProblem, telemetryEgress } from "./telemetry-endpoint";
import type { Problems } from "./validation";

/** A TelemetryCollector of the service's namespace. */
export interface CollectorReference {
  readonly collectorName: string;
  readonly authorityConfigMap: pulumi.Input<string>;
  readonly receiver: Peer;
}

/** A receiver of OTLP over HTTP that is there already. */
export interface TelemetryReceiver {
  /** Base URL, as in "https://otlp.example.com:4318". */
  readonly endpoint: string;
  /**
   * ConfigMap of the service's namespace with the authority of its certificate in `ca.crt`.
   * @default the public authorities
   */
  readonly authorityConfigMap?: pulumi.Input<string>;
  /**
   * Whether an address outside of the cluster may begin with http://.
   * @default false
   */
  readonly insecure?: boolean;
}

/** Where servers send spans, and of how many requests. */
export type ServiceTelemetry = ({ readonly collector: CollectorReference } | TelemetryReceiver) & {
  /**
   * Of the requests that nobody before the server has decided about, in percent: behind a gateway that traces, none.
   * @default 1
   */
  readonly samplePercent?: number;
};

/** Percent of the requests that are traced, unless somebody says otherwise. */
export const SAMPLE_PERCENT = 1;

/** What telemetry adds to a server's pods. */
export interface ServerTelemetry {
  readonly environment: Readonly<Record<string, string>>;
  readonly egress: k8s.networking.v1.NetworkPolicyEgressRule;
  readonly volumes: readonly (k8s.core.v1.Volume & { readonly name: string; readonly mountPath: string })[];
}

/** Records what is wrong with it. */
export function checkTelemetry(telemetry: ServiceTelemetry, path: string, problems: Problems): void {
  const { samplePercent = SAMPLE_PERCENT } = telemetry;
  problems.check(
    samplePercent >= 0 && samplePercent <= 100,
    `${path}.samplePercent`,
    `${samplePercent} must be a number from 0 to 100`,
  );
  if ("collector" in telemetry) return;
  const wrong = endpointProblem(telemetry.endpoint, telemetry.insecure);
  if (wrong) problems.add(`${path}.endpoint`, wrong);
}

/** @param service what its spans are called after */
export function serverTelemetry(service: string, telemetry: ServiceTelemetry): ServerTelemetry {
  const { samplePercent = SAMPLE_PERCENT } = telemetry;
  const receiver = "collector" in telemetry ? telemetry.collector : telemetry;
  const { authorityConfigMap } = receiver;
  const isOurs = "collectorName" in receiver;
  return {
    environment: {
      // Short: the namespace may only be known when it is there.
      [ENV.otlpEndpoint]: isOurs ? `https://${receiver.collectorName}:${OTLP_HTTP_PORT}` : receiver.endpoint,
      [ENV.traceSampleRatio]: String(Number((samplePercent / 100).toFixed(6))),
      OTEL_SERVICE_NAME: service,
      ...(authorityConfigMap === undefined
        ? {}
        : { OTEL_EXPORTER_OTLP_CERTIFICATE: `${TELEMETRY_CA_PATH}/ca.crt` }),
    },
    egress: isOurs
      ? { to: [peer(receiver.receiver)], ports: [{ protocol: "TCP", port: OTLP_HTTP_PORT }] }
      : telemetryEgress(receiver.endpoint),
    volumes:
      authorityConfigMap === undefined
        ? []
        : [
            {
              name: "telemetry",
              mountPath: TELEMETRY_CA_PATH,
              configMap: { name: authorityConfigMap, items: [{ key: "ca.crt", path: "ca.crt" }] },
            },
          ],
  };
}
