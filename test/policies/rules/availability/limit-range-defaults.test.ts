import { limitRangeDefaults } from "../../../../policies/rules/availability/limit-range-defaults";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const AMOUNT = { cpu: "1", memory: "1Gi" };
const range = (limit: unknown) =>
  put("range", "kubernetes:core/v1:LimitRange", {
    metadata: { name: "each", namespace: "team" },
    spec: { limits: [limit] },
  });

describeRule(limitRangeDefaults, {
  good: {
    both: range({ type: "Container", default: AMOUNT, defaultRequest: AMOUNT }),
    "of volumes": range({ type: "PersistentVolumeClaim", max: { storage: "1Ti" } }),
  },
  bad: { "bounds only": range({ type: "Container", max: AMOUNT }) },
  partial: { "no requests": range({ type: "Container", default: AMOUNT }) },
  wrongType: { "a text": range({ type: "Container", default: "1Gi", defaultRequest: AMOUNT }) },
  unknown: { limit: range(UNKNOWN) },
});
