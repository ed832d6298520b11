import { statusesWithoutTrace } from "../../model/access-log-filter";
import type { Field } from "../../model/field";
import type { ResourceRule } from "../../model/rule";

/** How many statuses a message names. */
const NAMED = 3;

/** Whether what is written to a sink can be read. @throws UnknownRead */
const keeps = (sink: Field): boolean => sink.get("file", "path").string() !== "/dev/null";

function settingsProblem(settings: readonly Field[]): string | undefined {
  if (settings.length === 0) return undefined;
  const kept = settings.filter((setting) => setting.get("sinks").items().some(keeps));
  if (kept.length === 0) return "must name a sink of its access log that keeps it.";
  if (kept.some((setting) => setting.get("matches").items().length === 0)) return undefined;
  const missing = statusesWithoutTrace(kept.flatMap((setting) => setting.get("matches").strings()));
  if (missing.length === 0) return undefined;
  const shown = missing.slice(0, NAMED).join(", ") + (missing.length > NAMED ? ", …" : "");
  return `must log every request: \`matches\` leaves no trace of some, such as those answered with ${shown}.`;
}

export const envoyAccessLog: ResourceRule = {
  id: "envoy-access-log",
  title: "The gateway keeps its access log",
  severity: "medium",
  description:
    "Who called which model when is written nowhere else, nor who was refused. A filter may leave out paths, as those of probes, but no statuses; one by what the caller sends leaves it to the caller.",
  remediation: "spec: { telemetry: { accessLog: {} } } // without `disable`, and without `matches`",
  types: ["kubernetes:gateway.envoyproxy.io/*:EnvoyProxy"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    const log = subject.fields.get("spec", "telemetry", "accessLog");
    if (!log.get("disable").isOff()) verdict.fail(subject, "must not disable the access log.");
    // Left out, the settings are Envoy Gateway's own: text on standard output.
    const problem = settingsProblem(log.get("settings").items());
    if (problem !== undefined) verdict.fail(subject, problem);
  },
};
