import { alarmActionsEnabled } from "../../../../policies/rules/monitoring/alarm-actions-enabled";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const alarmActions = ["arn:aws:sns:eu-central-1:111122223333:alarms"];
const alarm = (props: object) =>
  put("alarm", "aws:cloudwatch/metricAlarm:MetricAlarm", { name: "errors", ...props });

describeRule(alarmActionsEnabled, {
  good: {
    on: alarm({ actionsEnabled: true, alarmActions }),
    "not said": alarm({ alarmActions }),
    "a part of a composite one": alarm({ actionsEnabled: false }),
  },
  bad: {
    off: alarm({ actionsEnabled: false, alarmActions }),
    "a composite one": put("alarm", "aws:cloudwatch/compositeAlarm:CompositeAlarm", {
      alarmName: "all",
      actionsEnabled: false,
      alarmActions,
    }),
  },
  partial: { "it tells when all is well": alarm({ actionsEnabled: false, okActions: alarmActions }) },
  wrongType: { "a text": alarm({ actionsEnabled: "false", alarmActions }) },
  unknown: {
    it: alarm({ actionsEnabled: UNKNOWN, alarmActions }),
    actions: alarm({ actionsEnabled: false, alarmActions: UNKNOWN }),
  },
});
