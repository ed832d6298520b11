import { UNKNOWN } from "../../../../policies/testing";
import { podDefaultServiceAccount } from "../../../../policies/rules/pods/pod-default-service-account";
import { describeRule } from "../../support/describe-rule";
import { pod, remove, set } from "../../support/edits";

describeRule(podDefaultServiceAccount, {
  good: {
    "by both names": set("deployment", pod("serviceAccount"), "text"),
    "by a full name, where the other is empty": [
      set("deployment", pod("serviceAccountName"), "text"),
      set("deployment", pod("serviceAccount"), ""),
    ],
  },
  bad: {
    none: remove("deployment", pod("serviceAccountName")),
    "named default": set("deployment", pod("serviceAccountName"), "default"),
  },
  partial: { empty: set("deployment", pod("serviceAccountName"), "") },
  wrongType: { number: set("deployment", pod("serviceAccountName"), 3) },
  unknown: { name: set("deployment", pod("serviceAccountName"), UNKNOWN) },
});
