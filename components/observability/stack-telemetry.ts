import { SAMPLE_PERCENT, checkTelemetry, type TelemetryReceiver } from "../internal/server-telemetry";
import type { Problems } from "../internal/validation";
import { TelemetryCollector, type TelemetryCollectorArgs } from "./telemetry-collector";
import { checkPercent, resolveCollector } from "./telemetry-checks";

/**
 * Where a stack's spans go. With a `collector` of its own, or an existing one in the stack's namespace, gateway and servers send there,
 * and the gateway decides which requests are traced. With an `endpoint`, a receiver of OTLP over HTTP, the servers send there, follow
 * their callers' decisions and decide where there is none; Envoy Gateway's proxies, which speak OTLP over gRPC to Services alone, send
 * nothing and pass on what callers say.
 */
export type StackTelemetry = (
  { readonly collector: TelemetryCollector | StackCollector } | TelemetryReceiver
) & {
  /**
   * Of the requests whose callers have not decided, in percent.
   * @default 1
   */
  readonly samplePercent?: number;
};

/** A collector of the stack's own: what the stack does not know itself. */
export type StackCollector = Omit<TelemetryCollectorArgs, "namespace" | "authority" | "senders" | "scrapers">;

/** Name of a stack's own collector. */
export const COLLECTOR_NAME = "telemetry";

/** Records what is wrong with a stack's telemetry. */
export function checkStackTelemetry(telemetry: StackTelemetry, path: string, problems: Problems): void {
  if (!("collector" in telemetry)) {
    checkTelemetry(telemetry, path, problems);
    return;
  }
  problems.check(
    !("endpoint" in telemetry),
    path,
    "must have either `collector` or `endpoint`: a collector sends on to what its `exporters` name",
  );
  checkPercent(telemetry.samplePercent ?? SAMPLE_PERCENT, `${path}.samplePercent`, problems);
  const { collector } = telemetry;
  if (collector instanceof TelemetryCollector) return;
  problems.absorb(`${path}.collector`, () => resolveCollector(COLLECTOR_NAME, collector));
}
