import type { Field } from "../../model/field";
import { inputRule } from "../../model/input-rule";
import { asText, saysOff } from "../../model/scalars";

interface Switch {
  readonly property: string;
  /** @throws UnknownRead */
  readonly isSuspended: (setting: Field) => boolean;
}

/** What watches and records an account, by type; each runs unless it is told not to. Of trails `cloudtrail-multi-region` asks it. */
const SWITCHES: Readonly<Record<string, Switch>> = {
  "aws:guardduty/detector:Detector": { property: "enable", isSuspended: saysOff },
  "aws:cfg/recorderStatus:RecorderStatus": { property: "isEnabled", isSuspended: saysOff },
  "aws:cloudtrail/eventDataStore:EventDataStore": {
    property: "suspend",
    isSuspended: (setting) => /^(?:1|t|true)$/i.test(asText(setting)),
  },
  "aws:macie2/account:Account": {
    property: "status",
    isSuspended: (setting) => setting.string() === "PAUSED",
  },
};

export const securityServiceSuspended = inputRule(
  {
    id: "security-service-suspended",
    title: "What watches and records the account is not suspended",
    severity: "high",
    description:
      "A suspended detector or recorder looks like one that finds nothing: nobody sees what happens meanwhile.",
    remediation: "new aws.guardduty.Detector(name, { enable: true })",
    types: Object.keys(SWITCHES),
    controls: [],
  },
  (fields, { type }) => {
    const { property, isSuspended } = SWITCHES[type]!;
    const setting = fields.get(property);
    return isSuspended(setting) ? `must not be suspended (\`${property}\` is ${setting.show()}).` : undefined;
  },
);
