import { ingressSnippetAllowed } from "../../../../policies/rules/network/ingress-snippet-allowed";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const setting = (value: unknown) => set("configMap", ["data", "allow-snippet-annotations"], value);

describeRule(ingressSnippetAllowed, {
  good: { off: setting("false") },
  bad: { on: setting("true") },
  partial: { "in capitals": setting("True ") },
  notJudged: { "what the API server refuses": setting(1) },
  unknown: { it: setting(UNKNOWN) },
});
