import { UNKNOWN } from "../../../../policies/testing";
import { ecrScanOnPush } from "../../../../policies/rules/supply-chain/ecr-scan-on-push";
import { describeRule } from "../../support/describe-rule";
import { put, remove, set } from "../../support/edits";

const scan = (value: unknown) => set("repository", "imageScanningConfiguration", { scanOnPush: value });
const registry = (scanFrequency: unknown, filter: unknown = "*") =>
  put("scanning", "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration", {
    scanType: "BASIC",
    rules: [{ scanFrequency, repositoryFilters: [{ filter, filterType: "WILDCARD" }] }],
  });

describeRule(ecrScanOnPush, {
  good: {
    "by the registry": [scan(false), registry("SCAN_ON_PUSH")],
    "by a filter of the registry": [scan(false), registry("SCAN_ON_PUSH", "run*")],
    "by a part of its name": [scan(false), registry("SCAN_ON_PUSH", "untim")],
  },
  bad: { off: scan(false), "left out": remove("repository", "imageScanningConfiguration") },
  partial: {
    "by filters for other repositories": [scan(false), registry("SCAN_ON_PUSH", "other-*")],
    "by hand": [scan(false), registry("MANUAL")],
  },
  wrongType: { text: scan("true") },
  unknown: {
    switch: scan(UNKNOWN),
    "the registry's": [scan(false), registry(UNKNOWN)],
    "the registry's filter": [scan(false), registry("SCAN_ON_PUSH", UNKNOWN)],
  },
});
