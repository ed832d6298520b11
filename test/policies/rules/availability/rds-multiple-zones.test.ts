import { UNKNOWN } from "../../../../policies/testing";
import { rdsMultipleZones } from "../../../../policies/rules/availability/rds-multiple-zones";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";

describeRule(rdsMultipleZones, {
  good: { replica: example("database", { multiAz: false, replicateSourceDb: "primary" }) },
  bad: { off: example("database", { multiAz: false }), unsaid: example("database", { multiAz: undefined }) },
  partial: {
    "a replica that becomes a database of its own": example("database", {
      multiAz: false,
      replicateSourceDb: "",
    }),
  },
  wrongType: { text: example("database", { multiAz: "true" }) },
  unknown: { switch: example("database", { multiAz: UNKNOWN }) },
});
