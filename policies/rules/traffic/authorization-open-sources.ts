import { isInternet } from "../../model/cidr";
import { eachRule } from "../../model/input-rule";
import type { Field } from "../../model/field";

/** What a principal may ask for besides an address. */
const OTHERS = ["jwt", "headers"] as const;

export const authorizationOpenSources = eachRule<Field>(
  {
    id: "authorization-open-sources",
    title: "Authorization by address names some addresses",
    severity: "high",
    description:
      "A rule that admits `0.0.0.0/0` or `::/0` admits everybody of that family, whatever ranges stand beside it.",
    remediation: 'rules: [{ action: "Allow", principal: { clientCIDRs: ["203.0.113.0/24"] } }]',
    types: ["kubernetes:gateway.envoyproxy.io/*:SecurityPolicy"],
    controls: [],
  },
  (fields) => fields.get("spec", "authorization", "rules").items(),
  (rule) => {
    if (rule.get("action").string() !== "Allow") return undefined;
    const principal = rule.get("principal");
    const everyone = principal.get("clientCIDRs").strings().find(isInternet);
    // Where a token is asked for as well, it is the token that decides.
    if (everyone === undefined || OTHERS.some((other) => principal.get(other).exists())) return undefined;
    return `must not allow \`${everyone}\` (\`${principal.path}.clientCIDRs\`).`;
  },
);
