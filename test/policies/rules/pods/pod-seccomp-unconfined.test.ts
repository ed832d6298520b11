import { podSeccompUnconfined } from "../../../../policies/rules/pods/pod-seccomp-unconfined";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { pod, server, set } from "../../support/edits";

const PROFILE = "securityContext.seccompProfile";
const own = [server(PROFILE), pod(`initContainers.0.${PROFILE}`)].map((path) =>
  set("deployment", path, { type: "RuntimeDefault" }),
);
const ofPod = (type: unknown) => set("deployment", pod(PROFILE), { type });

describeRule(podSeccompUnconfined, {
  good: { "a profile of the node": [ofPod("Localhost"), ...own] },
  bad: { "for the pod, though each container has its own": [ofPod("Unconfined"), ...own] },
  partial: {
    "for the pod, where one container has its own": [
      ofPod("Unconfined"),
      set("deployment", pod(`initContainers.0.${PROFILE}`), { type: "RuntimeDefault" }),
      set("deployment", server(PROFILE), { type: "Localhost", localhostProfile: "own.json" }),
    ],
  },
  notJudged: { "a wrong type": [ofPod(7), ...own] },
  unknown: { type: [ofPod(UNKNOWN), ...own] },
});
