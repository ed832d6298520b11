import { UNKNOWN } from "../../../../policies/testing";
import { mskPublicAccess } from "../../../../policies/rules/network/msk-public-access";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";

const brokers = (type: unknown) => ({
  brokerNodeGroupInfo: { connectivityInfo: { publicAccess: { type } } },
});

describeRule(mskPublicAccess, {
  good: { disabled: example("kafka", brokers("DISABLED")), unsaid: example("kafka") },
  bad: { "public addresses": example("kafka", brokers("SERVICE_PROVIDED_EIPS")) },
  partial: { none: "brokers have public addresses, or none has" },
  wrongType: { boolean: example("kafka", brokers(false)) },
  unknown: { type: example("kafka", brokers(UNKNOWN)) },
});
