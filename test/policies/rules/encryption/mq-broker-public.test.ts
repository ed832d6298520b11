import { mqBrokerPublic } from "../../../../policies/rules/encryption/mq-broker-public";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const broker = (more: Record<string, unknown>) =>
  put("broker", "aws:mq/broker:Broker", {
    logs: { general: true, audit: true },
    autoMinorVersionUpgrade: true,
    deploymentMode: "ACTIVE_STANDBY_MULTI_AZ",
    ...more,
  });

describeRule(mqBrokerPublic, {
  good: { private: broker({ publiclyAccessible: false }), "by default": broker({}) },
  bad: { public: broker({ publiclyAccessible: true }) },
  partial: { none: "one switch, which is on or off" },
  wrongType: { "a word": broker({ publiclyAccessible: "yes" }) },
  unknown: { switch: broker({ publiclyAccessible: UNKNOWN }) },
});
