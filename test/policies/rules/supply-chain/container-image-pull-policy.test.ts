import { UNKNOWN } from "../../../../policies/testing";
import { containerImagePullPolicy } from "../../../../policies/rules/supply-chain/container-image-pull-policy";
import { describeRule } from "../../support/describe-rule";
import { pod, server, set } from "../../support/edits";

describeRule(containerImagePullPolicy, {
  good: { always: set("deployment", server("imagePullPolicy"), "Always") },
  bad: { never: set("deployment", server("imagePullPolicy"), "Never") },
  partial: { "of an init container": set("deployment", pod("initContainers.0.imagePullPolicy"), "Never") },
  notJudged: { number: set("deployment", server("imagePullPolicy"), 0) },
  unknown: { policy: set("deployment", server("imagePullPolicy"), UNKNOWN) },
});
