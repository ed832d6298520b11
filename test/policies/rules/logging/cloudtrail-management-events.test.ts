import { UNKNOWN } from "../../../../policies/testing";
import { cloudtrailManagementEvents } from "../../../../policies/rules/logging/cloudtrail-management-events";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";

const OBJECTS = [{ type: "AWS::S3::Object", values: ["arn:aws:s3"] }];

const simple = (...selectors: Record<string, unknown>[]) =>
  example("trail", {
    eventSelectors: [{ includeManagementEvents: false, dataResources: OBJECTS }, ...selectors],
  });

const field = (name: string, ...values: unknown[]) => ({ field: name, equals: values });

const OBJECT_EVENTS = {
  fieldSelectors: [field("eventCategory", "Data"), field("resources.type", "AWS::S3::Object")],
};

const advanced = (...selectors: Record<string, unknown>[][]) =>
  example("trail", {
    eventSelectors: undefined,
    advancedEventSelectors: [OBJECT_EVENTS, ...selectors.map((fieldSelectors) => ({ fieldSelectors }))],
  });

describeRule(cloudtrailManagementEvents, {
  good: {
    "both kinds by one selector": simple({ readWriteType: "All" }),
    "both kinds by two": simple({ readWriteType: "ReadOnly" }, { readWriteType: "WriteOnly" }),
    "advanced ones": advanced([field("eventCategory", "Management")]),
    "advanced ones by two": advanced(
      [field("eventCategory", "Management"), field("readOnly", "true")],
      [field("eventCategory", "Management"), field("readOnly", "false")],
    ),
  },
  bad: {
    "reads alone": simple({ readWriteType: "ReadOnly" }),
    "reads alone, advanced": advanced([field("eventCategory", "Management"), field("readOnly", "true")]),
  },
  partial: {
    "changes alone": simple({ readWriteType: "WriteOnly" }),
    "changes alone, advanced": advanced([field("eventCategory", "Management"), field("readOnly", "false")]),
  },
  notJudged: { "a text instead of selectors": example("trail", { eventSelectors: "All" }) },
  unknown: {
    "objects alone, as another trail may do the rest": simple(),
    "objects alone, by a text that AWS reads as off": simple({ includeManagementEvents: "false" }),
    "advanced ones for objects alone": advanced(),
    kind: simple({ readWriteType: UNKNOWN }),
    switch: simple({ includeManagementEvents: UNKNOWN }),
    category: advanced([field("eventCategory", UNKNOWN)]),
  },
});
