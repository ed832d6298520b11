import { HELM_TYPES } from "../../model/helm";
import type { ResourceRule } from "../../model/rule";

const EXACT = /^v?\d+\.\d+\.\d+(?:[-+][\w.+-]*)?$/;

export const helmChartVersion: ResourceRule = {
  id: "helm-chart-version",
  title: "Helm charts are named by an exact version",
  severity: "medium",
  description: "Without a version, or with a range, the next update installs what was published since.",
  remediation: 'chart: "gateway-helm", version: "1.5.1", repositoryOpts: { repo: "https://charts.example" }',
  types: HELM_TYPES,
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    const chart = subject.fields.get("chart").string() ?? "";
    // A folder of the project and a single archive are their own version.
    if (/^(?:\.{1,2}\/|\/)|\.tgz$/.test(chart) || /@sha256:[0-9a-f]{64}$/.test(chart)) return;
    const version = subject.fields.get("version");
    if (!EXACT.test(version.string() ?? "")) {
      verdict.fail(subject, `must set \`version\` to an exact version, not ${version.show()}.`);
    }
  },
};
