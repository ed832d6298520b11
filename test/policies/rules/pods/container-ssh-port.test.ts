import { UNKNOWN } from "../../../../policies/testing";
import { containerSshPort } from "../../../../policies/rules/pods/container-ssh-port";
import { describeRule } from "../../support/describe-rule";
import { server, set } from "../../support/edits";

/** Beside the one that its probes ask. */
const ports = (...list: unknown[]) => set("deployment", server("ports"), [{ containerPort: 8000 }, ...list]);

describeRule(containerSshPort, {
  good: { "a port that begins alike": ports({ containerPort: 2222 }) },
  bad: { ssh: ports({ containerPort: 22 }) },
  partial: { "beside another": ports({ containerPort: 2222 }, { containerPort: 22 }) },
  notJudged: { text: ports({ containerPort: "22" }) },
  unknown: { port: ports({ containerPort: UNKNOWN }) },
});
