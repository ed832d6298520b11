import type { Field } from "../../model/field";
import { inputRule } from "../../model/input-rule";

const OBJECTS = "AWS::S3::Object";

/** @throws UnknownRead */
const classic = (fields: Field): boolean[] =>
  fields
    .get("eventSelectors")
    .items()
    .map(
      (selector) =>
        ["All", "WriteOnly"].includes(selector.get("readWriteType").string() ?? "All") &&
        selector
          .get("dataResources")
          .items()
          .some((resource) => resource.get("type").string() === OBJECTS),
    );

/** @throws UnknownRead */
const advanced = (fields: Field): boolean[] =>
  fields
    .get("advancedEventSelectors")
    .items()
    .map((selector) =>
      selector
        .get("fieldSelectors")
        .items()
        .some(
          (one) =>
            one.get("field").string() === "resources.type" && one.get("equals").strings().includes(OBJECTS),
        ),
    );

export const cloudtrailObjectEvents = inputRule(
  {
    id: "cloudtrail-object-events",
    title: "Trails record what happens to objects",
    severity: "medium",
    description:
      "Management events alone show that a bucket was made, not who read or overwrote a model in it.",
    remediation:
      'eventSelectors: [{ readWriteType: "All", dataResources: [{ type: "AWS::S3::Object", values: ["arn:aws:s3"] }] }]',
    types: ["aws:cloudtrail/trail:Trail"],
    controls: [],
  },
  (fields) =>
    classic(fields).some(Boolean) || advanced(fields).some(Boolean)
      ? undefined
      : "must record events of `AWS::S3::Object`, by `eventSelectors` or `advancedEventSelectors`.",
);
