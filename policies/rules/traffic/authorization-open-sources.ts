import { isInternet } from "../../model/cidr";
import { eachRule } from "../../model/input-rule";
import type { Field } from "../../model/field";

/** What asks callers who they are, whatever their address is. */
const AUTHENTICATIONS = ["jwt", "apiKeyAuth", "basicAuth", "oidc", "extAuth"] as const;

interface Rule {
  readonly rule: Field;
  /** Whether the policy asks callers who they are besides: then "from everywhere" alone takes nothing away. */
  readonly isAuthenticated: boolean;
}

/** The rules before the first that keeps somebody out: after it, everybody means "all others". @throws UnknownRead */
function deciding(fields: Field): readonly Rule[] {
  const spec = fields.get("spec");
  const isAuthenticated = AUTHENTICATIONS.some((kind) => spec.get(kind).exists());
  const rules = spec.get("authorization", "rules").items();
  const denies = rules.findIndex((rule) => {
    const action = rule.get("action");
    return !action.isUnknown && action.string() === "Deny";
  });
  return (denies < 0 ? rules : rules.slice(0, denies)).map((rule) => ({ rule, isAuthenticated }));
}

export const authorizationOpenSources = eachRule<Rule>(
  {
    id: "authorization-open-sources",
    title: "Authorization by address names some addresses",
    severity: "high",
    description:
      "Where nothing but the address decides, a rule that admits `0.0.0.0/0` or `::/0` admits everybody of that family. Beside narrower ranges it undoes them, whatever else the rule asks.",
    remediation: 'rules: [{ action: "Allow", principal: { clientCIDRs: ["203.0.113.0/24"] } }]',
    types: ["kubernetes:gateway.envoyproxy.io/*:SecurityPolicy"],
    controls: [],
  },
  deciding,
  ({ rule, isAuthenticated }) => {
    if (rule.get("action").string() !== "Allow") return undefined;
    const principal = rule.get("principal");
    const ranges = principal.get("clientCIDRs").strings();
    const everyone = ranges.find(isInternet);
    if (everyone === undefined) return undefined;
    // Beside narrower ranges it can only be a mistake, whatever else is asked: somebody meant to ask where callers are.
    const isMistake = !ranges.every(isInternet);
    return isMistake || (!isAuthenticated && !asksMore(rule, principal))
      ? `must not allow \`${everyone}\` (\`${principal.path}.clientCIDRs\`).`
      : undefined;
  },
);

/** Whether a rule is about some calls alone, as of a probe, or about more than addresses. @throws UnknownRead */
function asksMore(rule: Field, principal: Field): boolean {
  return (
    rule.get("operation").exists() ||
    rule.get("cel").exists() ||
    principal.entries().some(([key, asked]) => key !== "clientCIDRs" && asked.exists())
  );
}
