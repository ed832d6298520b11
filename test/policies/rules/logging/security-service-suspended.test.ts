import { securityServiceSuspended } from "../../../../policies/rules/logging/security-service-suspended";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const detector = (props: Record<string, unknown>) =>
  put("detector", "aws:guardduty/detector:Detector", props);
const recorder = (isEnabled: unknown) =>
  put("recorder", "aws:cfg/recorderStatus:RecorderStatus", { name: "all", isEnabled });
const macie = (props: Record<string, unknown>) => put("macie", "aws:macie2/account:Account", props);
const store = (suspend: unknown) =>
  put("store", "aws:cloudtrail/eventDataStore:EventDataStore", { kmsKeyId: "key", suspend });

describeRule(securityServiceSuspended, {
  good: {
    "a detector": detector({ enable: true }),
    "a detector that does not say": detector({}),
    "a recorder": recorder(true),
    Macie: macie({ status: "ENABLED" }),
    "a store": store("false"),
  },
  bad: {
    "a detector": detector({ enable: false }),
    "a recorder": recorder(false),
    Macie: macie({ status: "PAUSED" }),
    "a store": store("true"),
  },
  partial: {
    "a detector with settings": detector({ enable: false, findingPublishingFrequency: "FIFTEEN_MINUTES" }),
  },
  wrongType: { "a text": detector({ enable: "false" }), "a switch": store(true) },
  notJudged: { "a list": detector({ enable: [false] }) },
  unknown: { it: detector({ enable: UNKNOWN }) },
});
