import { UNKNOWN } from "../../../../policies/testing";
import { eksVersion } from "../../../../policies/rules/availability/eks-version";
import { describeMore, describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const version = (value: unknown) => set("cluster", "version", value);

describeRule(eksVersion, {
  config: { asOf: "2026-10-01" },
  good: { supported: version("1.34"), newer: version("1.36"), "a number": version(1.35) },
  bad: { old: version("1.24"), "older than the table": version("1.11") },
  partial: { "out of standard support for two months": version("1.33") },
  notJudged: { "no version": version("latest") },
  unknown: { version: version(UNKNOWN), "newer than the table": version("1.100") },
});

describeMore(eksVersion, {
  config: { asOf: "2026-12-02" },
  bad: { "on the day its support ends": version("1.34") },
  unknown: { version: version(UNKNOWN) },
});

describeMore(eksVersion, {
  config: { asOf: "2027-08-23" },
  bad: { "what ended, whatever the table's age": version("1.36") },
  unknown: { version: version(UNKNOWN) },
});

describeMore(eksVersion, {
  config: { oldest: "1.30" },
  good: { "allowed by the configuration": version("1.31"), "newer than the table": version("1.100") },
  bad: { "older than the configuration says": version("1.29") },
  unknown: { version: version(UNKNOWN) },
});
