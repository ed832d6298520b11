import type { ResourceRule } from "../../model/rule";

/** @default 398: what browsers took until 2026; an operator that renews by itself needs no more than 90. */
const DEFAULT_MAXIMUM = 398;
const HOURS: Readonly<Record<string, number>> = { h: 1, m: 1 / 60, s: 1 / 3600 };

/** Hours of a Go duration such as `2160h` or `1h30m`; undefined for another text. */
function hoursOf(duration: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?[hms])+$/.test(duration)) return undefined;
  return [...duration.matchAll(/(\d+(?:\.\d+)?)([hms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (HOURS[unit ?? ""] ?? 0),
    0,
  );
}

export const certificateDuration: ResourceRule = {
  id: "certificate-duration",
  title: "Certificates of servers and clients do not live for years",
  severity: "medium",
  description:
    "A key that leaks works as long as its certificate; one that is renewed often is also known to renew.",
  remediation: 'spec: { duration: "2160h", renewBefore: "720h" } // 90 days, cert-manager\'s own',
  types: ["kubernetes:cert-manager.io/*:Certificate"],
  controls: [],
  configSchema: {
    properties: {
      maximumDays: {
        type: "integer",
        minimum: 1,
        default: DEFAULT_MAXIMUM,
        description: "Longest life of a certificate that is no authority's, in days.",
      },
    },
  },
  scope: "resource",
  check(subject, verdict, config) {
    const days = typeof config["maximumDays"] === "number" ? config["maximumDays"] : DEFAULT_MAXIMUM;
    const spec = subject.fields.get("spec");
    if (spec.get("isCA").isTrue()) return;
    const duration = spec.get("duration");
    const hours = hoursOf(duration.string() ?? "");
    if (hours !== undefined && hours > days * 24) {
      verdict.fail(subject, `must set \`spec.duration\` to at most ${days * 24}h, not ${duration.show()}.`);
    }
  },
};
