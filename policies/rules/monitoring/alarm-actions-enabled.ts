import { inputRule } from "../../model/input-rule";
import { saysOff } from "../../model/scalars";

export const alarmActionsEnabled = inputRule(
  {
    id: "alarm-actions-enabled",
    title: "Alarms that name somebody to tell do tell",
    severity: "medium",
    description: "With `actionsEnabled: false` an alarm changes its colour on a page, and nobody is told.",
    remediation: "actionsEnabled: true, alarmActions: [topic.arn]",
    types: ["aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/compositeAlarm:CompositeAlarm"],
    controls: [],
  },
  (fields) => {
    if (!saysOff(fields.get("actionsEnabled"))) return undefined;
    // An alarm without actions is a part of a composite one, which tells in its place.
    const actions = ["alarmActions", "okActions", "insufficientDataActions"].flatMap((list) =>
      fields.get(list).items(),
    );
    return actions.length === 0 ? undefined : "must not switch its actions off by `actionsEnabled`.";
  },
);
