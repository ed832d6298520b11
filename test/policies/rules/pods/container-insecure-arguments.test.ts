import { UNKNOWN } from "../../../../policies/testing";
import { containerInsecureArguments } from "../../../../policies/rules/pods/container-insecure-arguments";
import { describeRule } from "../../support/describe-rule";
import { server, set } from "../../support/edits";

const args = (...list: unknown[]) => set("deployment", server("args"), list);

describeRule(containerInsecureArguments, {
  good: {
    "switched off": args("--anonymous-auth=false", "--insecure-port=0", "--authorization-mode=Node,RBAC"),
    "a word alike": args("--insecure-registries-file", "--ServerApp.token_file=/etc/token"),
  },
  bad: {
    "anonymous callers": args("--anonymous-auth=true"),
    "a login to skip": args("--enable-skip-login"),
    "everybody as the server": args("server", "--auth-mode=sso", "--auth-mode=server"),
    "a notebook without token": args("--ServerApp.token="),
    "TLS unverified": set("deployment", server("command"), ["metrics-server", "--kubelet-insecure-tls"]),
  },
  partial: { "beside a safe mode": args("--authorization-mode=Node,AlwaysAllow") },
  notJudged: { text: set("deployment", server("args"), "--anonymous-auth=true") },
  unknown: { argument: args("serve", UNKNOWN) },
});
