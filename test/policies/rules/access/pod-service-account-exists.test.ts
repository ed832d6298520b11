import { podServiceAccountExists } from "../../../../policies/rules/access/pod-service-account-exists";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { drop, pod, put, set } from "../../support/edits";
import { goodWorld } from "../../support/world";

const account = (name: unknown) => set("deployment", pod("serviceAccountName"), name);

/** The good world without what has controllers of its own. */
const withoutOperators = () => {
  const world = goodWorld();
  for (const role of ["gateway", "envoy", "prometheus", "route", "grpcRoute", "security"]) delete world[role];
  return world;
};

describeRule(podServiceAccountExists, {
  good: { "made elsewhere": [drop("account"), account("far")] },
  bad: { "another name": account("txt") },
  partial: {
    "the account in another namespace": [
      set("account", "metadata.namespace", "far"),
      put("standard", "kubernetes:core/v1:ServiceAccount", {
        metadata: { name: "default", namespace: "team" },
        automountServiceAccountToken: false,
      }),
    ],
  },
  notJudged: { number: account(7) },
  unknown: { name: account(UNKNOWN), "the accounts' names": set("account", "metadata.name", UNKNOWN) },
  world: withoutOperators,
});
