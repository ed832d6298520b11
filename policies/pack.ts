import { PolicyPack } from "@pulumi/policy";
import { catalog } from "./catalog";
import { toPolicy } from "./crossguard/policy";

/**
 * Starts the policy server of this process. Enforcement and parameters of a rule can be set with
 * `--policy-pack-config`: see docs/reference/policies.md.
 */
new PolicyPack("slipway", {
  displayName: "Slipway",
  description: "Rules for a Slipway serving stack and for what teams deploy beside it.",
  enforcementLevel: "advisory",
  policies: catalog.map(({ rule, enforcement }) => toPolicy(rule, enforcement)),
});
