import { containerSudo } from "../../../../policies/rules/pods/container-sudo";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { server, set } from "../../support/edits";

const command = (...words: unknown[]) => set("deployment", server("command"), words);

describeRule(containerSudo, {
  good: { plain: command("serve"), "a word that holds it": command("serve", "--pseudo=1", "/etc/sudoers.d") },
  bad: { first: command("sudo", "serve"), "by its path": command("/usr/bin/sudo", "-E", "serve") },
  partial: {
    "within a shell": command("sh", "-c", "cd /srv && sudo serve"),
    "in the arguments": set("deployment", server("args"), ["-c", "doas serve"]),
  },
  notJudged: {
    "a text, which the API server refuses": set("deployment", server("command"), "sudo serve"),
    numbers: command(1),
  },
  unknown: { command: set("deployment", server("command"), UNKNOWN) },
});
