import assert from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { catalog } from "../../../policies/catalog";
import { PROFILES } from "../../../policies/profiles/profiles";
import { type PackSettings, readSettings } from "../../../policies/profiles/settings";
import { SettingsError } from "../../../policies/profiles/settings-error";
import { remediations } from "../../../policies/remediation";

const folder = mkdtempSync(join(tmpdir(), "slipway-settings-"));
const rules = catalog.map(({ rule }) => rule);
const read = (env: Record<string, string>, stack: Record<string, string> = {}): PackSettings =>
  readSettings(env, rules, (id) => remediations.has(id), stack);
const settings = (content: unknown): Record<string, string> => {
  const file = join(folder, "settings.json");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return { SLIPWAY_POLICY_SETTINGS: "settings.json", PWD: folder };
};
const names = ({ profiles }: PackSettings) => profiles.map(({ name }) => name);
function refuses(env: Record<string, string>, sentence: string, stack?: Record<string, string>): void {
  assert.throws(
    () => read(env, stack),
    (error) => error instanceof SettingsError && error.message === sentence,
  );
}
const known = PROFILES.map(({ name }) => name).join(", ");

describe("readSettings", () => {
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("is the baseline without rules of one's own by default", () => {
    for (const env of [{}, { SLIPWAY_POLICY_SETTINGS: "" }, settings({}), settings({ rules: {} })]) {
      assert.deepStrictEqual(names(read(env)), ["baseline"]);
      assert.deepStrictEqual(read(env).rules, {});
    }
  });

  it("reads profiles from a file", () => {
    assert.deepStrictEqual(names(read(settings({ profile: "strict" }))), ["strict"]);
    assert.deepStrictEqual(names(read(settings({ profile: "pci-dss, soc2" }))), ["pci-dss", "soc2"]);
    assert.deepStrictEqual(names(read(settings({ profile: ["pci-dss", "soc2"] }))), ["pci-dss", "soc2"]);
  });

  it("lets the environment name other profiles", () => {
    const env = { ...settings({ profile: "strict" }), SLIPWAY_POLICY_PROFILE: "nsa-cisa" };
    assert.deepStrictEqual(names(read(env)), ["nsa-cisa"]);
    assert.deepStrictEqual(names(read({ ...env, SLIPWAY_POLICY_PROFILE: "" })), ["strict"]);
  });

  it("lets the stack's configuration name profiles, over the file and below the environment", () => {
    const stack = { "slipway-policies:profile": "pci-dss, soc2", "aws:region": "eu-central-1" };
    assert.deepStrictEqual(names(read({}, stack)), ["pci-dss", "soc2"]);
    const list = { "slipway-policies:profile": '["aws-fsbp","baseline"]' };
    assert.deepStrictEqual(names(read({}, list)), ["aws-fsbp", "baseline"]);
    const file = settings({ profile: "strict" });
    assert.deepStrictEqual(names(read(file, stack)), ["pci-dss", "soc2"]);
    assert.deepStrictEqual(names(read({ ...file, SLIPWAY_POLICY_PROFILE: "cis-eks" }, stack)), ["cis-eks"]);
  });

  const inStack: readonly [config: Record<string, string>, sentence: string][] = [
    [
      { "slipway-policies:profile": "gold" },
      `\`slipway-policies:profile\` (gold) is no profile of the pack: there are ${known}.`,
    ],
    [{ "slipway-policies:profile": "" }, `\`slipway-policies:profile\` must name a profile: ${known}.`],
    [
      { "slipway-policies:profile": "[strict" },
      `\`slipway-policies:profile\` ([strict) is no profile of the pack: there are ${known}.`,
    ],
    [
      { "slipway-policies:profiles": "strict" },
      "`slipway-policies:profiles` is no key of the stack's configuration that the pack reads: there is slipway-policies:profile.",
    ],
  ];
  for (const [config, sentence] of inStack) {
    it(`refuses in the stack's configuration: ${sentence.slice(0, 70)}`, () => {
      refuses({}, sentence, config);
      // Also where the environment names a profile that is one: what is written down wrongly is not left there.
      refuses({ SLIPWAY_POLICY_PROFILE: "strict" }, sentence, config);
    });
  }

  it("reads enforcement and parameters", () => {
    const given = {
      "service-node-port": "mandatory",
      "container-proc-mount": "remediate",
      "deployment-minimum-replica-count": { enforcementLevel: "mandatory", minimum: 3 },
      "namespace-pod-security": { privileged: ["gpu-operator", "edge"] },
    };
    assert.deepStrictEqual(read(settings({ rules: given })).rules, given);
  });

  const LEVELS =
    "advisory, mandatory, remediate, disabled, or an object with `enforcementLevel` and the rule's parameters";
  const inFile: readonly [content: unknown, sentence: string][] = [
    [{ profile: "gold" }, `settings.json: \`profile\` (gold) is no profile of the pack: there are ${known}.`],
    [{ profile: " , " }, `settings.json: \`profile\` must name a profile: ${known}.`],
    [{ profile: 7 }, `settings.json: \`profile\` (7) is no profile of the pack: there are ${known}.`],
    [{ profiles: "x" }, "settings.json: `profiles` is no setting of the pack: there are profile and rules."],
    [[], "settings.json ([]) must be an object with profile and rules."],
    [{ rules: "none" }, "settings.json: `rules` (none) must be an object with a key per rule."],
    [
      { rules: { "service-port": "advisory" } },
      "settings.json: `rules.service-port` is no rule of the pack: docs/reference/policies.md lists them.",
    ],
    [
      { rules: { "service-node-port": "on" } },
      `settings.json: \`rules.service-node-port\` (on) must be ${LEVELS}.`,
    ],
    [
      { rules: { "service-node-port": { enforcementLevel: 1 } } },
      `settings.json: \`rules.service-node-port.enforcementLevel\` (1) must be ${LEVELS}.`,
    ],
    [
      { rules: { "service-node-port": "remediate" } },
      "settings.json: `rules.service-node-port` (remediate) must be advisory, mandatory or disabled: what breaks this rule cannot be mended by the pack.",
    ],
    [
      { rules: { "deployment-minimum-replica-count": { least: 2 } } },
      "settings.json: `rules.deployment-minimum-replica-count.least` is no setting of this rule: it has enforcementLevel, minimum.",
    ],
    [
      { rules: { "deployment-minimum-replica-count": { minimum: "two" } } },
      "settings.json: `rules.deployment-minimum-replica-count.minimum` (two) must be an integer of at least 1.",
    ],
    [
      { rules: { "deployment-minimum-replica-count": { minimum: 0 } } },
      "settings.json: `rules.deployment-minimum-replica-count.minimum` (0) must be an integer of at least 1.",
    ],
    [
      { rules: { "eks-version": { asOf: "tomorrow" } } },
      "settings.json: `rules.eks-version.asOf` (tomorrow) must be a text that matches ^(?:\\d{4}-\\d{2}-\\d{2})?$.",
    ],
    [
      { rules: { "namespace-pod-security": { privileged: ["a", 1] } } },
      'settings.json: `rules.namespace-pod-security.privileged` (["a",1]) must be a list of strings.',
    ],
  ];
  for (const [content, sentence] of inFile) {
    it(`refuses: ${sentence.slice(0, 90)}`, () => refuses(settings(content), sentence));
  }

  it("refuses a profile of the environment that is none", () => {
    refuses(
      { SLIPWAY_POLICY_PROFILE: "gold" },
      `\`SLIPWAY_POLICY_PROFILE\` (gold) is no profile of the pack: there are ${known}.`,
    );
  });

  it("refuses a file that is not there", () => {
    refuses(
      { SLIPWAY_POLICY_SETTINGS: "none.json", PWD: folder },
      `\`SLIPWAY_POLICY_SETTINGS\` (none.json) must be a file that can be read: there is none at ${join(folder, "none.json")}.`,
    );
  });

  it("refuses a file that is no JSON", () => {
    assert.throws(
      () => read(settings("{")),
      (error) => error instanceof SettingsError && error.message.startsWith("settings.json must be JSON: "),
    );
  });
});
