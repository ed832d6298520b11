import { UNKNOWN } from "../../../../policies/testing";
import { envoyAccessLog } from "../../../../policies/rules/monitoring/envoy-access-log";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const sinks = [{ type: "File", file: { path: "/dev/stdout" } }];

const discarded = [{ type: "File", file: { path: "/dev/null" } }];

const settings = (...given: readonly unknown[]) => set("envoy", "spec.telemetry.accessLog.settings", given);
const filtered = (...matches: readonly unknown[]) => settings({ sinks, matches });

describeRule(envoyAccessLog, {
  good: {
    kept: set("envoy", "spec.telemetry.accessLog", { disable: false }),
    "to a file and nowhere": settings({ sinks }, { sinks: [] }),
    "no conditions": filtered(),
    "to a file and to nothing": settings({ sinks: [...discarded, ...sinks] }),
    "faults apart from all": settings({ sinks }, { sinks, matches: ["response.code >= 500"] }),
    "faults apart from the rest": settings(
      { sinks, matches: ["response.code >= 500"] },
      { sinks, matches: ["response.code < 500"] },
    ),
    "one of two conditions": filtered("response.code >= 400", "response.code < 400"),
    "without probes": filtered("!request.path.startsWith('/healthz')"),
    "without probes that succeed": filtered("!(request.url_path == '/ready' && response.code == 200)"),
  },
  bad: {
    disabled: set("envoy", "spec.telemetry.accessLog", { disable: true }),
    "to nowhere": settings({ format: { type: "Text" }, sinks: [] }),
    "to a file that keeps nothing": settings({ sinks: discarded }),
    "all discarded but faults": settings({ sinks: discarded }, { sinks, matches: ["response.code >= 500"] }),
    "faults only": filtered("response.code >= 500"),
    "no successes": filtered("response.code != 200"),
    "some refusals": filtered("response.code < 400 || (response.code > 401 && response.code != 403)"),
    "by a header of the caller": filtered("'x-envoy-logged' in request.headers"),
    "where a sink is missing": settings({ sinks: [] }, { sinks, matches: ["response.code >= 500"] }),
  },
  partial: {
    "with settings": set("envoy", "spec.telemetry.accessLog", { disable: true, settings: [{}] }),
    "half of a condition": filtered("response.code >= 400 &&"),
  },
  wrongType: {
    text: set("envoy", "spec.telemetry.accessLog", { disable: "true" }),
    "numbers as conditions": filtered(500),
  },
  unknown: {
    sinks: settings({ sinks: UNKNOWN }),
    "a sink's file": settings({ sinks: [{ type: "File", file: { path: UNKNOWN } }] }),
    matches: settings({ sinks, matches: UNKNOWN }),
    condition: filtered(UNKNOWN),
    switch: set("envoy", "spec.telemetry.accessLog", { disable: UNKNOWN }),
  },
});
