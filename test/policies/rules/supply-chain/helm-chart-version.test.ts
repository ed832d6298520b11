import { UNKNOWN } from "../../../../policies/testing";
import { helmChartVersion } from "../../../../policies/rules/supply-chain/helm-chart-version";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const release = (version?: unknown, chart: unknown = "gateway-helm") =>
  put("release", "kubernetes:helm.sh/v3:Release", { chart, version, namespace: "edge", values: {} });

describeRule(helmChartVersion, {
  good: {
    exact: release("1.5.1"),
    "with a v": release("v1.5.1-rc.1"),
    "a folder": release(undefined, "./chart"),
  },
  bad: { none: release(), range: release("^1.5.0"), latest: release("latest") },
  partial: { "a minor only": release("1.5") },
  wrongType: { number: release(1) },
  unknown: { version: release(UNKNOWN), chart: release("1.5.1", UNKNOWN) },
});
