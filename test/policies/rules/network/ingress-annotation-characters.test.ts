import { ingressAnnotationCharacters } from "../../../../policies/rules/network/ingress-annotation-characters";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const annotation = (name: string, value: unknown) =>
  set("ingress", ["metadata", "annotations"], { [`nginx.ingress.kubernetes.io/${name}`]: value });

describeRule(ingressAnnotationCharacters, {
  good: {
    "a URL": annotation("auth-url", "https://login.example/check?to=$escaped_request_uri"),
    "an annotation that is not written": annotation("rewrite-target", "/#{a}"),
  },
  bad: {
    "a line break": annotation("auth-url", "https://login.example/\nssl_engine x"),
    "a semicolon": annotation("mirror-host", "a;}"),
  },
  partial: { "a name with more behind it": annotation("auth-tls-match-cn", "CN=a # }") },
  notJudged: { "a list, which the API server refuses": annotation("auth-url", ["a;}"]) },
  unknown: { value: annotation("auth-url", UNKNOWN) },
});
