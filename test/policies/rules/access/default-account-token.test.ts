import { defaultAccountToken } from "../../../../policies/rules/access/default-account-token";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put, set } from "../../support/edits";

const account = (value: unknown, name: unknown = "default") =>
  put("standard", "kubernetes:core/v1:ServiceAccount", {
    metadata: { name, namespace: "team" },
    automountServiceAccountToken: value,
  });

describeRule(defaultAccountToken, {
  good: {
    "no token": account(false),
    "an account of another name": set("account", "automountServiceAccountToken", undefined),
  },
  bad: { "a token": account(true), "nothing said": account(undefined) },
  partial: { none: "one switch, which is on or off" },
  wrongType: { text: account("false") },
  unknown: { switch: account(UNKNOWN), name: account(true, UNKNOWN) },
});
