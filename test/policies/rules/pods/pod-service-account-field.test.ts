import { podServiceAccountField } from "../../../../policies/rules/pods/pod-service-account-field";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { pod, remove, set } from "../../support/edits";

describeRule(podServiceAccountField, {
  good: { both: set("deployment", pod("serviceAccount"), "text") },
  bad: {
    "the old one": [
      remove("deployment", pod("serviceAccountName")),
      set("deployment", pod("serviceAccount"), "text"),
    ],
  },
  partial: {
    "beside an empty new one": [
      set("deployment", pod("serviceAccountName"), ""),
      set("deployment", pod("serviceAccount"), "text"),
    ],
  },
  wrongType: {
    "a number": [
      remove("deployment", pod("serviceAccountName")),
      set("deployment", pod("serviceAccount"), 7),
    ],
  },
  unknown: {
    it: [remove("deployment", pod("serviceAccountName")), set("deployment", pod("serviceAccount"), UNKNOWN)],
  },
});
