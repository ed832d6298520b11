import { UNKNOWN } from "../../../../policies/testing";
import { podServiceAccountToken } from "../../../../policies/rules/pods/pod-service-account-token";
import { describeRule } from "../../support/describe-rule";
import { pod, remove, set } from "../../support/edits";

describeRule(podServiceAccountToken, {
  good: {
    "off by the account": remove("deployment", pod("automountServiceAccountToken")),
    "account without a say, pod off": remove("account", "automountServiceAccountToken"),
  },
  bad: {
    "on in the pod": set("deployment", pod("automountServiceAccountToken"), true),
    "neither says": [
      remove("deployment", pod("automountServiceAccountToken")),
      remove("account", "automountServiceAccountToken"),
    ],
  },
  partial: {
    "an account of another namespace": [
      remove("deployment", pod("automountServiceAccountToken")),
      set("account", "metadata.namespace", "other"),
    ],
  },
  wrongType: { text: set("deployment", pod("automountServiceAccountToken"), "false") },
  unknown: {
    switch: set("deployment", pod("automountServiceAccountToken"), UNKNOWN),
    "the account's": [
      remove("deployment", pod("automountServiceAccountToken")),
      set("account", "automountServiceAccountToken", UNKNOWN),
    ],
  },
});
