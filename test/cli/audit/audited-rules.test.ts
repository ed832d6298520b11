import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { auditedRules } from "../../../cli/audit/audited-rules";
import { readInputFile } from "../../../cli/audit/input-file";
import { catalog } from "../../../policies/catalog";

const VARIABLES = ["SLIPWAY_POLICY_PROFILE", "SLIPWAY_POLICY_SETTINGS"] as const;

const DAY = "2026-10-01";

describe("auditedRules", () => {
  const kept = VARIABLES.map((name) => [name, process.env[name]] as const);
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "slipway-rules-"))));
  beforeEach(() => VARIABLES.forEach((name) => delete process.env[name]));
  after(() => {
    rmSync(folder, { recursive: true, force: true });
    for (const [name, value] of kept) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  const fileOf = (content: unknown): string => {
    const file = join(folder, "settings.json");
    writeFileSync(file, JSON.stringify(content));
    return file;
  };
  const levelOf = (
    id: string,
    file: Parameters<typeof auditedRules>[0],
    config?: Readonly<Record<string, unknown>>,
  ) => auditedRules(file, DAY, config).rules.find(({ rule }) => rule.id === id);

  it("is the catalog unless something is set", () => {
    const { rules, inputs } = auditedRules(undefined, DAY);
    assert.deepEqual(
      rules.map(({ rule, enforcement }) => [rule.id, enforcement]),
      catalog.map(({ rule, enforcement }) => [rule.id, enforcement]),
    );
    assert.deepEqual(inputs, []);
  });

  it("takes the profile that the pack takes", () => {
    process.env.SLIPWAY_POLICY_PROFILE = "strict";
    assert.equal(levelOf("service-node-port", undefined)?.enforcement, "mandatory");
  });

  it("takes the profile of the stack's configuration, below that of the environment", () => {
    const config = { "slipway-policies:profile": ["strict"] };
    assert.equal(levelOf("service-node-port", undefined, config)?.enforcement, "mandatory");
    process.env.SLIPWAY_POLICY_PROFILE = "pod-security-baseline";
    assert.equal(levelOf("service-node-port", undefined, config)?.enforcement, "disabled");
  });

  it("names the profiles that it took, each once", () => {
    assert.deepEqual(auditedRules(undefined, DAY).profiles, ["baseline"]);
    process.env.SLIPWAY_POLICY_PROFILE = "cis-eks,cis-aws,cis-eks";
    assert.deepEqual(auditedRules(undefined, DAY).profiles, ["cis-eks", "cis-aws"]);
    const config = join(folder, "none.json");
    writeFileSync(config, "{}");
    const file = readInputFile("--policy-config", config, "policy configuration");
    assert.deepEqual(auditedRules(file, DAY).profiles, ["cis-eks", "cis-aws"]);
  });

  it("judges as of the audit's day", () => {
    assert.deepEqual(levelOf("eks-version", undefined)?.config, { asOf: DAY });
  });

  it("takes the pack's settings, the configuration over them, and records both", () => {
    const rules = { "deployment-minimum-replica-count": { minimum: 3 }, "service-node-port": "mandatory" };
    process.env.SLIPWAY_POLICY_SETTINGS = fileOf({ rules });
    const config = join(folder, "config.json");
    writeFileSync(config, '{"service-node-port": "disabled"}');
    const file = readInputFile("--policy-config", config, "policy configuration");
    assert.equal(levelOf("service-node-port", file)?.enforcement, "disabled");
    assert.deepEqual(levelOf("deployment-minimum-replica-count", file)?.config, { minimum: 3 });
    assert.deepEqual(
      auditedRules(file, DAY).inputs.map(({ kind, name }) => [kind, name]),
      [
        ["policy settings", "settings.json"],
        ["policy configuration", "config.json"],
      ],
    );
  });

  it("says in a sentence what is wrong with the settings", () => {
    process.env.SLIPWAY_POLICY_PROFILE = "nope";
    assert.throws(() => auditedRules(undefined, DAY), {
      name: "SlipwayError",
      exitCode: 65,
      message: /\(nope\) is no profile/,
    });
  });

  it("names file and line of a configuration that is wrong", () => {
    const config = join(folder, "config.json");
    writeFileSync(config, '{\n"nope": "advisory"}');
    const file = readInputFile("--policy-config", config, "policy configuration");
    assert.throws(() => auditedRules(file, DAY), {
      name: "SlipwayError",
      exitCode: 65,
      message: `${config} (line 2) there is no rule \`nope\`; docs/reference/policies.md lists them`,
    });
  });
});
