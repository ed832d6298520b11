import { UNKNOWN } from "../../../../policies/testing";
import { containerImageRegistry } from "../../../../policies/rules/supply-chain/container-image-registry";
import { describeRule } from "../../support/describe-rule";
import { server, set } from "../../support/edits";

const digest = "sha256:" + "ab".repeat(32);
const image = (name: unknown) => set("deployment", server("image"), name);

describeRule(containerImageRegistry, {
  config: { allowed: ["registry.example", "mirror.example:5000/team"] },
  good: { "a repository of a mirror": image(`mirror.example:5000/team/server@${digest}`) },
  bad: {
    "another registry": image(`docker.io/library/server@${digest}`),
    "no registry": image(`server@${digest}`),
    "a folder, no registry": image(`library/server@${digest}`),
  },
  partial: {
    "another repository of the mirror": image(`mirror.example:5000/others/server@${digest}`),
    "a name that begins alike": image(`registry.example.com/server@${digest}`),
  },
  notJudged: { number: image(7) },
  unknown: { image: image(UNKNOWN) },
});
