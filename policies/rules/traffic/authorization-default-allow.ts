import type { ResourceRule } from "../../model/rule";

export const authorizationDefaultAllow: ResourceRule = {
  id: "authorization-default-allow",
  title: "What no authorization rule names is denied",
  severity: "high",
  description:
    "With `defaultAction: Allow` rules that allow change nothing: whoever they do not name is let in all the same.",
  remediation: 'spec: { authorization: { defaultAction: "Deny", rules } } // Deny where nothing is set',
  types: ["kubernetes:gateway.envoyproxy.io/*:SecurityPolicy"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    const authorization = subject.fields.get("spec", "authorization");
    if (authorization.get("defaultAction").string() !== "Allow") return;
    const rules = authorization.get("rules").items();
    // A list of whom to keep out needs the others to be let in.
    if (rules.some((rule) => rule.get("action").string() === "Deny")) return;
    verdict.fail(subject, 'must set `spec.authorization.defaultAction` "Deny": none of its rules denies.');
  },
};
