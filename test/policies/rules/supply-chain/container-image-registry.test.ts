import assert from "node:assert";
import { runRule, UNKNOWN } from "../../../../policies/testing";
import { isAbout } from "../../../../policies/model/judge";
import { containerImageRegistry } from "../../../../policies/rules/supply-chain/container-image-registry";
import { describeRule } from "../../support/describe-rule";
import { server, set } from "../../support/edits";
import { goodWorld } from "../../support/world";

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

describe("container-image-registry without registries", () => {
  for (const [name, config] of Object.entries({ "by default": {}, "an empty list": { allowed: [] } })) {
    it(`does not apply, rather than pass: ${name}`, async () => {
      const resources = Object.values(goodWorld());
      const about = resources.filter(({ type }) => isAbout(containerImageRegistry, type));
      const found = await runRule(containerImageRegistry, about, config);
      assert.ok(about.length > 0);
      assert.deepStrictEqual(
        found.map(({ state, message }) => ({ state, message })),
        about.map(() => ({
          state: "not-applicable",
          message: "No registries are configured: name them in `allowed`.",
        })),
      );
    });
  }
});
