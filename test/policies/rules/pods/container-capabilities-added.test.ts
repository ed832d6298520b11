import { UNKNOWN } from "../../../../policies/testing";
import { containerCapabilitiesAdded } from "../../../../policies/rules/pods/container-capabilities-added";
import { describeRule } from "../../support/describe-rule";
import { server, set } from "../../support/edits";

describeRule(containerCapabilitiesAdded, {
  good: { "low ports": set("deployment", server("securityContext.capabilities.add"), ["NET_BIND_SERVICE"]) },
  bad: {
    "system administration": set("deployment", server("securityContext.capabilities.add"), ["SYS_ADMIN"]),
  },
  partial: {
    "one allowed, one not": set("deployment", server("securityContext.capabilities.add"), [
      "NET_BIND_SERVICE",
      "NET_RAW",
    ]),
  },
  wrongType: { number: set("deployment", server("securityContext.capabilities.add"), [12]) },
  unknown: { list: set("deployment", server("securityContext.capabilities.add"), UNKNOWN) },
});
