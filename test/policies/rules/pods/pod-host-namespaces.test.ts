import { UNKNOWN } from "../../../../policies/testing";
import { podHostNamespaces } from "../../../../policies/rules/pods/pod-host-namespaces";
import { describeRule } from "../../support/describe-rule";
import { pod, set } from "../../support/edits";

describeRule(podHostNamespaces, {
  good: { off: set("deployment", pod("hostNetwork"), false) },
  bad: {
    network: set("deployment", pod("hostNetwork"), true),
    processes: set("deployment", pod("hostPID"), true),
    ipc: set("deployment", pod("hostIPC"), true),
  },
  partial: {
    "one of three": [set("deployment", pod("hostNetwork"), false), set("deployment", pod("hostIPC"), true)],
  },
  wrongType: { text: set("deployment", pod("hostPID"), "true") },
  unknown: { network: set("deployment", pod("hostNetwork"), UNKNOWN) },
});
