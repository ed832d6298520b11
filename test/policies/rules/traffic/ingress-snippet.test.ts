import { UNKNOWN } from "../../../../policies/testing";
import { ingressSnippet } from "../../../../policies/rules/traffic/ingress-snippet";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const annotations = (value: unknown) => set("ingress", "metadata.annotations", value);

describeRule(ingressSnippet, {
  good: { others: annotations({ "nginx.ingress.kubernetes.io/proxy-body-size": "8m" }) },
  bad: {
    configuration: annotations({
      "nginx.ingress.kubernetes.io/configuration-snippet": "more_set_headers x;",
    }),
    server: annotations({ "nginx.ingress.kubernetes.io/server-snippet": "location / {}" }),
  },
  partial: {
    "beside another": annotations({
      "nginx.ingress.kubernetes.io/proxy-body-size": "8m",
      "nginx.ingress.kubernetes.io/auth-snippet": "x",
    }),
  },
  notJudged: { text: annotations("nginx.ingress.kubernetes.io/server-snippet") },
  unknown: { annotations: annotations(UNKNOWN) },
});
