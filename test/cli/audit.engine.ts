import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AuditReport, ReportedFinding } from "../../audit/report";
import { projectRoot } from "../../toolchain/paths";
import { withWorkspace } from "../support/engine";
import { slipway } from "../support/slipway";

const PACK = join(projectRoot, "policies");
const FILES = ["report.html", "report.json", "report.junit.xml", "report.md", "report.sarif"];
const SECRET = "correct-horse-battery-staple";

/** A program whose objects are written as files, so that an update of it needs no cluster. */
const PROGRAM = `
const k8s = require("@pulumi/kubernetes");
const pulumi = require("@pulumi/pulumi");
const provider = new k8s.Provider("files", { renderYamlToDirectory: __dirname + "/objects" });
class Web extends pulumi.ComponentResource {
  constructor(name) {
    super("shop:index:Web", name);
    const spec = { containers: [{ name: "web", image: "registry.example/web:latest", securityContext: { privileged: true } }] };
    new k8s.apps.v1.Deployment(name, {
      metadata: { name, namespace: "team" },
      spec: { replicas: 1, selector: { matchLabels: { app: name } }, template: { metadata: { labels: { app: name } }, spec } },
    }, { parent: this, provider });
  }
}
new Web("web");
new k8s.core.v1.ConfigMap("settings", {
  metadata: { name: "settings", namespace: "team" },
  data: { password: pulumi.secret(${JSON.stringify(SECRET)}) },
}, { provider });
`;
const MENDED = "container-privilege-escalation";
const DEPLOYMENT = "Web$kubernetes:apps/v1:Deployment::web";

describe("npx slipway audit", function () {
  this.timeout(180_000);
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "slipway-audit-test-"))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const reportIn = (out: string) => JSON.parse(readFileSync(join(out, "report.json"), "utf8")) as AuditReport;
  const find = ({ findings }: AuditReport, rule: string, urnEnd: string): ReportedFinding | undefined =>
    findings.find((finding) => finding.rule === rule && finding.resource.endsWith(urnEnd));

  for (const profile of ["aws", "onprem"]) {
    it(`audits what profile ${profile} would make, without a cluster or a cloud`, async () => {
      const out = join(folder, profile);
      const run = await slipway(["audit", profile, "--preview", "--as-of", "2026-11-21", "--out", out], {
        env: { KUBECONFIG: "/dev/null" },
      });
      assert.equal(run.status, 0, run.stdout + run.stderr);
      assert.deepEqual(readdirSync(out).sort(), FILES);
      const report = reportIn(out);
      assert.deepEqual(report.subject, { project: "slipway", stack: profile, mode: "preview" });
      assert.equal(report.summary.mandatoryFailures, 0);
      const judged = find(report, "container-image-digest", "Deployment::text-deployment");
      assert.equal(judged?.state, "pass");
      const made = report.resources.find(({ urn }) => urn.endsWith("Deployment::text-deployment"));
      assert.equal(made?.component, "slipway:index:InferenceService text");
      const line = readFileSync(join(projectRoot, made.source!.file), "utf8").split("\n")[
        made.source!.line - 1
      ];
      assert.match(line ?? "", /new .*Deployment\(/);
      const rules = new Set(report.findings.map(({ rule }) => rule));
      assert.deepEqual(
        report.rules.filter(({ id }) => !rules.has(id)),
        [],
        "every rule has a finding",
      );
    });
  }

  it("judges the state and the events of an update alike, and hides its secrets", async () => {
    await withWorkspace(
      PROGRAM,
      async (workspace) => {
        const config = join(workspace.folder, "advisory.json");
        writeFileSync(config, JSON.stringify({ all: "advisory", [MENDED]: "remediate" }));
        const up = await workspace.pulumi(
          ...["up", "--yes", "--skip-preview", "--stack", "dev", "--policy-pack", PACK],
          ...["--policy-pack-config", config],
        );
        assert.equal(up.code, 0, up.stdout + up.stderr);
        const events = readdirSync(workspace.folder)
          .map((name) => join(workspace.folder, name))
          .find((file) => file.endsWith(".jsonl") && readFileSync(file, "utf8").includes("policyLoadEvent"))!;
        const exported = await workspace.pulumi("stack", "export", "--stack", "dev");
        const state = join(workspace.folder, "state.json");
        writeFileSync(state, exported.stdout);

        const outs = { state: join(folder, "state"), events: join(folder, "events") };
        const common = ["--as-of", "2026-11-21"];
        const byState = await slipway(["audit", "onprem", "--state", state, "--out", outs.state, ...common]);
        const byEvents = await slipway([
          "audit",
          "onprem",
          "--events",
          events,
          "--out",
          outs.events,
          ...common,
        ]);
        assert.deepEqual([byState.status, byEvents.status], [2, 2], byState.stderr + byEvents.stderr);
        assert.match(byState.stderr, /error: \d+ mandatory controls fail unwaived/);
        assert.match(byState.stdout, /critical container-privileged\n {4}Deployment `team\/web`/);

        const [first, second] = [reportIn(outs.state), reportIn(outs.events)];
        assert.deepEqual(first.subject, { project: "shop", stack: "dev", mode: "state" });
        assert.deepEqual(second.subject, { project: "shop", stack: "dev", mode: "update" });
        assert.equal(find(first, "container-privileged", DEPLOYMENT)?.state, "fail");
        const different = first.findings.filter(({ rule, resource, state: is }) => {
          const other = second.findings.find((one) => one.rule === rule && one.resource === resource);
          return other?.state !== is;
        });
        // The engine shows rules a secret's value; a report of the state cannot.
        for (const { resource, state: is } of different) {
          assert.equal(is, "indeterminate", resource);
          assert.match(resource, /ConfigMap::settings$/);
        }
        const mended = find(second, MENDED, DEPLOYMENT);
        assert.equal(mended?.state, "pass");
        assert.deepEqual(mended.remediated, [
          { path: "spec.template.spec.containers[0].securityContext.allowPrivilegeEscalation", after: false },
        ]);
        const place = first.resources.find(({ urn }) => urn.endsWith(DEPLOYMENT));
        assert.equal(place?.component, "shop:index:Web web");
        for (const file of FILES) {
          assert.ok(!readFileSync(join(outs.state, file), "utf8").includes(SECRET), file);
          assert.ok(!readFileSync(join(outs.events, file), "utf8").includes(SECRET), file);
        }
        await waivedSignedAndCompared(state, outs.state, first);
      },
      { project: "shop" },
    );
  });

  /** Every failure of the state waived, signed, proven and compared with the report before. */
  async function waivedSignedAndCompared(state: string, before: string, report: AuditReport): Promise<void> {
    const failed = report.findings.filter(({ state: is }) => is === "fail");
    const waivers = failed.map(({ rule, resource }) => ({
      rule,
      resource: resource.replace(/^.*::/, "**::"),
      owner: "team",
      reason: "A test.",
      ticket: "T-1",
      expires: "2026-12-31",
    }));
    const files = {
      waivers: join(folder, "w.yaml"),
      key: join(folder, "key.pem"),
      pub: join(folder, "pub.pem"),
    };
    writeFileSync(files.waivers, JSON.stringify({ waivers }));
    const keys = generateKeyPairSync("ed25519");
    writeFileSync(files.key, keys.privateKey.export({ format: "pem", type: "pkcs8" }));
    writeFileSync(files.pub, keys.publicKey.export({ format: "pem", type: "spki" }));
    const out = join(folder, "waived");
    const args = ["audit", "onprem", "--state", state, "--waivers", files.waivers, "--sign", files.key];

    const run = await slipway([...args, "--as-of", "2026-11-21", "--out", out]);
    assert.equal(run.status, 0, run.stdout + run.stderr);
    assert.equal(reportIn(out).summary.waived, failed.length);
    const again = await slipway([...args, "--as-of", "2026-11-21", "--json"]);
    assert.equal(again.stdout, readFileSync(join(out, "report.json"), "utf8"), "same input, same bytes");

    const file = join(out, "report.json");
    const proven = await slipway(["audit", "verify", file, "--key", files.pub]);
    assert.match(
      proven.stdout,
      /report\.json is unaltered: the audit of shop\/dev, as of 2026-11-21, signed with the key sha256:/,
    );
    const diff = await slipway(["audit", "diff", join(before, "report.json"), file]);
    assert.equal(diff.status, 0, diff.stderr);
    assert.match(diff.stdout, new RegExp(`^0 new failures, 0 fixed, ${failed.length} waived\n`));
    const back = await slipway(["audit", "diff", file, join(before, "report.json"), "--json"]);
    assert.equal(back.status, 2);
    assert.equal((JSON.parse(back.stdout) as { newFailures: unknown[] }).newFailures.length, failed.length);

    const late = await slipway([...args, "--as-of", "2027-01-01", "--json"]);
    assert.equal(late.status, 2);
    assert.match(late.stderr, /mandatory controls fail unwaived, \d+ waivers? do(es)? not hold/);

    const altered = readFileSync(file, "utf8").replace('"waived": ', '"waived": 1');
    writeFileSync(file, altered);
    const refused = await slipway(["audit", "verify", file, "--key", files.pub]);
    assert.equal(refused.status, 1);
    assert.match(
      refused.stderr,
      /is not proven\. It was altered: its content is not what was signed with this key\./,
    );
  }

  const misuse: Readonly<Record<string, [string[], number, RegExp]>> = {
    "no profile": [["audit"], 64, /missing required argument 'profile'/],
    "a profile that is not there": [["audit", "nope"], 64, /It must be one of: aws, local, onprem\./],
    "two things to judge": [
      ["audit", "aws", "--state", "a", "--preview"],
      64,
      /`--state` and `--preview` each say what is judged; leave one of them out/,
    ],
    "a day that is none": [
      ["audit", "aws", "--as-of", "2026-02-30"],
      64,
      /It must be a day of the calendar like 2026-12-31\./,
    ],
    "no limit": [
      ["audit", "aws", "--max-waiver-days", "0"],
      64,
      /It must be a whole number of days from 1 to 99999\./,
    ],
    "a subcommand's unknown option": [["audit", "diff", "a", "b", "--nope"], 64, /unknown option '--nope'/],
    "verify without a key": [["audit", "verify", "a"], 64, /required option '--key <file>' not specified/],
    "a state that is none": [
      ["audit", "aws", "--state", "README.md"],
      65,
      /error: README\.md is not whole JSON/,
    ],
    "a file that is not there": [
      ["audit", "aws", "--state", "nope.json"],
      1,
      /cannot read `--state` nope\.json: ENOENT/,
    ],
    "waivers that are none": [
      ["audit", "aws", "--state", "package.json", "--waivers", "package.json"],
      65,
      /package\.json \(line 2\) `name` is no key of it; the only one is `waivers`/,
    ],
  };
  for (const [name, [args, status, sentence]] of Object.entries(misuse)) {
    it(`refuses ${name} with one sentence`, async () => {
      const run = await slipway(args);
      assert.equal(run.status, status, run.stderr);
      assert.match(run.stderr, sentence);
      assert.doesNotMatch(run.stderr, /\n\s+at /);
    });
  }
});
