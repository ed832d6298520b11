import assert from "node:assert";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { withWorkspace } from "../support/engine";
import type { Twin } from "./fixtures/aws-twin";
import { AT_REST } from "./fixtures/aws-twins-at-rest";
import { IN_TRANSIT } from "./fixtures/aws-twins-in-transit";

const PACK = join(__dirname, "../../policies");
const RULES = new Set(readdirSync(join(PACK, "rules/encryption")).map((file) => file.replace(/\.ts$/, "")));

/** Declares one side of each pair; the provider completes and checks it as it does for its users. */
function program(twins: readonly Twin[], side: "bad" | "good"): string {
  const resources = twins.map(({ kind, common, ...sides }, i) => ({
    kind,
    name: `twin-${i}`,
    props: { ...common, ...sides[side] },
  }));
  return `
const aws = require("@pulumi/aws");
const provider = new aws.Provider("offline", {
  region: "eu-central-1", accessKey: "none", secretKey: "none",
  skipCredentialsValidation: true, skipRequestingAccountId: true, skipMetadataApiCheck: true, skipRegionValidation: true,
});
for (const { kind, name, props } of ${JSON.stringify(resources)}) {
  const [module, type] = kind.split(".");
  new aws[module][type](name, props, { provider });
}
`;
}

/** `rule of resource`, for every violation that the engine shows on a resource. */
async function violations(twins: readonly Twin[], side: "bad" | "good"): Promise<string[]> {
  let found: string[] = [];
  await withWorkspace(
    program(twins, side),
    async (workspace) => {
      const { stdout, stderr } = await workspace.preview();
      const text = stdout + stderr;
      assert.doesNotMatch(
        text,
        /error: .*(?:failed with an unhandled|required|Missing|Invalid|invalid)/,
        text,
      );
      const lines = [...text.matchAll(/\[severity: \w+\]\s+([\w-]+)\s+\([^)]*: ([\w-]+)\)/g)];
      found = lines
        .filter(([, rule = ""]) => RULES.has(rule))
        .map(([, rule = "", name = ""]) => `${rule} of ${name}`);
    },
    { policyPacks: [PACK] },
  );
  return found;
}

const TWINS = [...AT_REST, ...IN_TRANSIT];
const PAIRS = TWINS.flatMap(({ rules }, i) => rules.map((rule) => `${rule} of twin-${i}`));

describe("The rules about encryption, on inputs as the AWS provider hands them over", function () {
  this.timeout(180_000);

  it("find every bad twin", async () => {
    const found = await violations(TWINS, "bad");
    assert.deepStrictEqual(
      PAIRS.filter((pair) => !found.includes(pair)),
      [],
    );
  });

  it("find no good twin", async () => {
    const found = await violations(TWINS, "good");
    assert.deepStrictEqual(
      PAIRS.filter((pair) => found.includes(pair)),
      [],
    );
  });
});
