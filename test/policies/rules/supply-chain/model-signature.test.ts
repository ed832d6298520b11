import { UNKNOWN } from "../../../../policies/testing";
import { modelSignature } from "../../../../policies/rules/supply-chain/model-signature";
import { describeRule } from "../../support/describe-rule";
import { pod, set } from "../../support/edits";

const model = `oci://registry.example/models/text@sha256:${"ab".repeat(32)}`;
const args = (...list: unknown[]) => set("deployment", pod("initContainers.0.args"), list);

describeRule(modelSignature, {
  good: {
    "as one argument": args("pull", "--public-key=/etc/keys/models.pem", model),
    "by the environment": [
      args("pull", model),
      set("deployment", pod("initContainers.0.env"), [
        { name: "SLIPWAY_PUBLIC_KEY", value: "/etc/keys/models.pem" },
      ]),
    ],
    "nothing to pull": args("gate"),
  },
  bad: { "no key": args("pull", model) },
  partial: { "a digest only": args("pull", "--sha256", "ab".repeat(32), model) },
  notJudged: { text: set("deployment", pod("initContainers.0.args"), `pull ${model}`) },
  unknown: { argument: args("pull", UNKNOWN) },
});
