import assert from "node:assert";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { catalog } from "../../../policies/catalog";
import { today } from "../../../policies/profiles/as-of";
import {
  collectFromMocks,
  type Outcome,
  type PlainResource,
  type Policy,
  resourcesOfPreview,
  runPack,
  runPolicy,
  type Settings,
} from "../../../policies/testing";
import teamPolicies from "../fixtures/team-pack/policies";
import { type EngineRun, withWorkspace } from "../../support/engine";

const PACK = join(__dirname, "../../../policies");
const TEAM_PACK = join(__dirname, "../fixtures/team-pack");
const TAGS = { team: "team" };

/** What passes, fails, is not known yet and is about something else. */
const PROGRAM = `
const { core, apps } = require("@pulumi/kubernetes");
const tls = require("@pulumi/tls");
const key = new tls.PrivateKey("key", { algorithm: "ECDSA", ecdsaCurve: "P256" });
new core.v1.Namespace("team", { metadata: { name: "team" } }, { protect: true });
new core.v1.Namespace("other", { metadata: { name: "other" } });
const metadata = (name) => ({ namespace: "team", name });
const pod = (name, image) => new core.v1.Pod(name, { metadata: metadata(name), spec: { containers: [{ name, image }] } });
pod("pinned", "registry.example/server@sha256:${"ab".repeat(32)}");
pod("loose", "registry.example/server:latest");
pod("late", key.publicKeyFingerprintSha256);
const labels = { app: "few" };
const containers = [{ name: "server", image: "registry.example/server:1" }];
new apps.v1.Deployment("few", {
  metadata: metadata("few"),
  spec: { replicas: 2, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
});
new core.v1.Service("open", { metadata: metadata("open"), spec: { type: "NodePort", selector: labels, ports: [{ port: 80 }] } });
new core.v1.ConfigMap("many", { metadata: metadata("many"), data: { a: "1", b: "2" } });
new core.v1.ConfigMap("fingerprint", { metadata: metadata("fingerprint"), data: { key: key.publicKeyFingerprintSha256 } });
`;

/** Advisory, so that rules over the stack are asked as well: a preview that a resource stops does not come so far. */
const SETTINGS: Settings = {
  rules: {
    ...Object.fromEntries(catalog.map(({ rule }) => [rule.id, "advisory" as const])),
    "deployment-minimum-replica-count": { enforcementLevel: "advisory", minimum: 3 },
    "namespace-default-deny": "mandatory",
    "container-image-pull-policy": "disabled",
  },
};

type Finding = Pick<Outcome, "rule" | "state" | "message"> & { readonly urn: string };

const sorted = (findings: readonly Finding[]): string[] =>
  findings.map(({ rule, state, urn, message }) => [rule, state, urn, message].join(" | ")).sort();

const CANNOT_RUN = /^can't run policy '[^']*' from policy pack '[^']*' during preview: /;

/** What the engine reported. Before a message it puts the policy's description, and the stack's URN where a policy names none. */
function reported({ violations }: EngineRun): Finding[] {
  return violations.map(({ policy, message, urn = "" }) => {
    const text = message.replace(/<\{%.*?%\}>/g, "").trim();
    const isOpen = CANNOT_RUN.test(text);
    return {
      rule: policy,
      state: isOpen ? "indeterminate" : "fail",
      urn: urn.includes("::pulumi:pulumi:Stack::") ? "" : urn,
      message: isOpen ? text.replace(CANNOT_RUN, "") : text.slice(text.indexOf("\n") + 1),
    };
  });
}

/** What the test kit finds in the same resources: the pack's findings, and those of the team's policies. */
async function outcomesOf(resources: readonly PlainResource[]): Promise<Outcome[]> {
  const found = await runPack(resources, { settings: SETTINGS, asOf: today() });
  for (const policy of teamPolicies as Policy[]) {
    const config = policy.name === "few-settings" ? { limit: 1 } : {};
    found.push(...(await runPolicy(policy, resources, { config, stackTags: TAGS })));
  }
  return found;
}

const found = (outcomes: readonly Outcome[]): Finding[] =>
  outcomes
    .filter(({ state }) => state !== "not-applicable")
    .map((outcome) => ({ ...outcome, urn: outcome.urn ?? "" }));

interface Summary {
  readonly resourceUrn: string;
  readonly passed?: readonly string[];
  readonly failed?: readonly string[];
}

/** Which policies judged which resource, as the engine's events tell it. */
function judgedIn(log: string): Set<string> {
  const events = log.split("\n").filter((line) => line !== "");
  const summaries = events.flatMap((line) => {
    const { policyAnalyzeSummaryEvent } = JSON.parse(line) as { policyAnalyzeSummaryEvent?: Summary };
    return policyAnalyzeSummaryEvent ? [policyAnalyzeSummaryEvent] : [];
  });
  return new Set(
    summaries.flatMap(({ resourceUrn, passed, failed }) =>
      [...(passed ?? []), ...(failed ?? [])].map((policy) => `${policy} ${resourceUrn}`),
    ),
  );
}

describe("The policies' test kit beside the engine", function () {
  this.timeout(180_000);
  let run: EngineRun;
  let printed: EngineRun;
  let log: string;
  let resources: PlainResource[];
  const folder = mkdtempSync(join(tmpdir(), "slipway-testing-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  before(async () => {
    const file = join(folder, "settings.json");
    writeFileSync(file, JSON.stringify(SETTINGS));
    const options = {
      policyPacks: [PACK, TEAM_PACK],
      env: { SLIPWAY_OFFLINE: "1", SLIPWAY_POLICY_SETTINGS: file },
    };
    await withWorkspace(
      PROGRAM,
      async (workspace) => {
        const tagged = await workspace.pulumi("stack", "tag", "set", "team", TAGS.team, "--stack", "dev");
        assert.strictEqual(tagged.code, 0, tagged.stderr);
        run = await workspace.preview();
        const [events] = readdirSync(workspace.folder).filter((name) => /^events-\d+\.jsonl$/.test(name));
        log = readFileSync(join(workspace.folder, events!), "utf8");
        printed = await workspace.preview("--json", "--show-sames");
      },
      options,
    );
    resources = await collectFromMocks(() => new Function("require", PROGRAM)(require), { stack: "dev" });
  });

  it("has been given each kind of verdict to find", () => {
    const states = new Set(reported(run).map(({ rule, state }) => `${rule} ${state}`));
    for (const verdict of [
      "container-image-digest fail",
      "container-image-digest indeterminate",
      "deployment-minimum-replica-count fail",
      "namespace-default-deny fail",
      "few-settings fail",
      "plain-settings indeterminate",
      "own-namespace fail",
      "kept-namespace fail",
    ]) {
      assert.ok(states.has(verdict), `${verdict}\n${run.stdout}${run.stderr}`);
    }
  });

  it("finds in the resources of mocks what the engine reports", async () => {
    assert.deepStrictEqual(sorted(found(await outcomesOf(resources))), sorted(reported(run)));
  });

  it("finds the same in what a preview prints, and in its event log", async () => {
    assert.deepStrictEqual(
      sorted(found(await outcomesOf(resourcesOfPreview(printed.stdout)))),
      sorted(reported(run)),
    );
    assert.deepStrictEqual(sorted(found(await outcomesOf(resourcesOfPreview(log)))), sorted(reported(run)));
  });

  it("finds not applicable what the engine's policies do not judge, and asks none that is disabled", async () => {
    const outcomes = await outcomesOf(resources);
    const judged = judgedIn(log);
    const stackRules = new Set(catalog.flatMap(({ rule }) => (rule.scope === "stack" ? [rule.id] : [])));
    const wrong: string[] = [];
    for (const { rule, state, urn } of outcomes) {
      if (urn === undefined || stackRules.has(rule) || rule === "kept-namespace") continue;
      const pair = `${rule} ${urn}`;
      if (judged.has(pair) === (state === "not-applicable")) wrong.push(`${pair}: ${state}`);
    }
    assert.deepStrictEqual(wrong, []);
    for (const off of ["container-image-pull-policy", "nothing-passes"]) {
      assert.ok(
        !outcomes.some(({ rule }) => rule === off) && ![...judged].some((pair) => pair.startsWith(`${off} `)),
      );
    }
  });
});
