import { UNKNOWN } from "../../../../policies/testing";
import { containerCapabilitiesDropped } from "../../../../policies/rules/pods/container-capabilities-dropped";
import { describeRule } from "../../support/describe-rule";
import { remove, server, set } from "../../support/edits";

describeRule(containerCapabilitiesDropped, {
  good: {
    "among others": set("deployment", server("securityContext.capabilities.drop"), ["ALL", "NET_RAW"]),
  },
  bad: { "nothing dropped": remove("deployment", server("securityContext.capabilities")) },
  partial: { "some dropped": set("deployment", server("securityContext.capabilities.drop"), ["NET_RAW"]) },
  wrongType: {
    "a text": set("deployment", server("securityContext.capabilities.drop"), "ALL"),
    numbers: set("deployment", server("securityContext.capabilities.drop"), [1]),
  },
  unknown: {
    list: set("deployment", server("securityContext.capabilities.drop"), UNKNOWN),
    element: set("deployment", server("securityContext.capabilities.drop"), [UNKNOWN]),
  },
});
