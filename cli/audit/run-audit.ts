import { existsSync } from "node:fs";
import { join, sep } from "node:path";
import pc from "picocolors";
import { buildReport } from "../../audit/build-report";
import type { Collected } from "../../audit/collect/collected";
import { collectLog, readEventLog, refuseOtherVersions } from "../../audit/collect/collect-log";
import { collectState, type Surroundings } from "../../audit/collect/collect-state";
import { outcomeOf } from "../../audit/outcome";
import { renderHtml, renderJson, renderJunit, renderMarkdown, renderSarif } from "../../audit/render";
import { counted } from "../../audit/render/text";
import type { AuditReport, ReportedInput } from "../../audit/report";
import type { ConfiguredRule } from "../../audit/rules";
import { readSigningKey, signReport } from "../../audit/signature/sign-report";
import { readWaivers } from "../../audit/waivers/read-waivers";
import { SlipwayError } from "../../toolchain/errors";
import { projectRoot } from "../../toolchain/paths";
import { silent } from "../../toolchain/progress";
import { LOCAL_PROFILE } from "../local-profile";
import { consoleProgress } from "../progress";
import { readProfileConfig } from "../profiles";
import { auditedRules } from "./audited-rules";
import { renderAuditText } from "./audit-text";
import { EXIT_FAILED, reading } from "./exit-status";
import { type InputFile, readInputFile } from "./input-file";
import { packIdentity } from "./pack-identity";
import { ReportFolder } from "./report-files";

export interface AuditOptions {
  state?: string;
  events?: string;
  preview?: boolean;
  out?: string;
  waivers?: string;
  maxWaiverDays: number;
  asOf: string;
  /** A state that fails the audit besides failures, where it is a mandatory rule's. */
  failOn?: "indeterminate";
  policyConfig?: string;
  sign?: string;
  json?: boolean;
}

const DEFAULT_OUT = "audit-report";
const PROJECT = "slipway";

/** The files of a report. */
const RENDERERS: Readonly<Record<string, (report: AuditReport) => string>> = {
  "report.json": renderJson,
  "report.sarif": renderSarif,
  "report.junit.xml": renderJunit,
  "report.html": renderHtml,
  "report.md": renderMarkdown,
};

/**
 * Audits a profile, writes the reports, and throws where a mandatory control fails or was not judged by the run, or a waiver
 * does not hold.
 */
export async function runAudit(profile: string, options: AuditOptions): Promise<void> {
  const { sign, json = false } = options;
  const key = sign === undefined ? undefined : readInputFile("--sign", sign, "key");
  const signingKey = key && reading(key.path, () => readSigningKey(key.text));
  const policyConfig = given("--policy-config", options.policyConfig, "policy configuration");
  const profileFile = readInputFile(
    "the profile",
    join(projectRoot, `Pulumi.${profile}.yaml`),
    "configuration",
  );
  const { config } = readProfileConfig(profile);
  const { rules, profiles, inputs: settings } = auditedRules(policyConfig, options.asOf, config);
  const waiversFile = findWaivers(options.waivers);
  const waivers = waiversFile
    ? reading(waiversFile.path, () => readWaivers(waiversFile.text))
    : { waivers: [], problems: [] };
  const folder = json && options.out === undefined ? undefined : new ReportFolder(options.out ?? DEFAULT_OUT);

  const pack = packIdentity();
  const { collected, judged } = await collect(profile, options, rules, pack.version);
  const inputs = [profileFile.input, ...judged, ...settings, ...(waiversFile ? [waiversFile.input] : [])];
  const terms = {
    asOf: options.asOf,
    maxDays: options.maxWaiverDays,
    failOnIndeterminate: options.failOn === "indeterminate",
  };
  const unsigned = buildReport({ rules, collected, waivers, terms, pack, profiles, inputs });
  const report = signingKey ? signReport(unsigned, signingKey) : unsigned;

  const files = folder ? folder.write(rendered(report)) : [];
  if (json) process.stdout.write(renderJson(report));
  else console.log(renderAuditText(report, files, waiversFile?.path, pc));
  failIfOpen(report);
}

const given = (flag: string, path: string | undefined, kind: string) =>
  path === undefined ? undefined : readInputFile(flag, path, kind);

function findWaivers(path: string | undefined): InputFile | undefined {
  const beside = join(projectRoot, "waivers.yaml");
  return given("--waivers", path ?? (existsSync(beside) ? beside : undefined), "waivers");
}

function rendered(report: AuditReport): Record<string, string> {
  return Object.fromEntries(Object.entries(RENDERERS).map(([name, render]) => [name, render(report)]));
}

interface Found {
  readonly collected: Collected;
  /** The file that was judged; a preview has none but the profile's configuration, which is an input of every audit. */
  readonly judged: readonly ReportedInput[];
}

/** From the file that was named, else from what the profile's stack is now, else from a preview. */
async function collect(
  profile: string,
  options: AuditOptions,
  rules: readonly ConfiguredRule[],
  packVersion: string,
): Promise<Found> {
  const around: Surroundings = {
    projectRoot: projectRoot.split(sep).join("/"),
    fallback: { project: PROJECT, stack: profile },
  };
  const progress = options.json ? silent : consoleProgress();
  const events = given("--events", options.events, "events");
  if (events) {
    const collected = reading(events.path, () => {
      const log = readEventLog(events.text);
      refuseOtherVersions(log, packVersion);
      return collectLog(log, rules, around);
    });
    return { collected, judged: [events.input] };
  }
  // The local profile is this machine's alone.
  const backend = profile === LOCAL_PROFILE ? undefined : process.env.PULUMI_BACKEND_URL || undefined;
  const state =
    given("--state", options.state, "state") ??
    (options.preview ? undefined : await stateOf(profile, backend, progress));
  if (state) {
    if (options.state === undefined) {
      progress.note(`${profile} is up: its state is judged. \`--preview\` judges what an update would make.`);
    }
    const collected = reading(state.path, () => collectState(state.text, rules, around));
    return { collected, judged: [state.input] };
  }
  const { previewLog } = require("./preview-log") as typeof import("./preview-log");
  const log = await previewLog(profile, rules, backend, progress);
  return { collected: reading("The preview", () => collectLog(log, rules, around)), judged: [] };
}

/** Who names a file does not wait for the engine's SDK. */
function stateOf(...args: Parameters<typeof import("./profile-state").profileState>) {
  const { profileState } = require("./profile-state") as typeof import("./profile-state");
  return profileState(...args);
}

function failIfOpen(report: AuditReport): void {
  if (outcomeOf(report) !== "failed") return;
  const { summary, terms, waiverProblems = [] } = report;
  const { mandatoryFailures, mandatoryUnjudged, mandatoryIndeterminate } = summary;
  const unknown = terms.failOnIndeterminate ? mandatoryIndeterminate - mandatoryUnjudged : 0;
  const reasons = [
    mandatoryFailures > 0 &&
      counted(mandatoryFailures, "mandatory control fails unwaived", "mandatory controls fail unwaived"),
    waiverProblems.length > 0 &&
      counted(waiverProblems.length, "waiver does not hold", "waivers do not hold"),
    mandatoryUnjudged > 0 &&
      counted(
        mandatoryUnjudged,
        "mandatory finding was not judged by the run",
        "mandatory findings were not judged by the run",
      ),
    unknown > 0 && counted(unknown, "mandatory finding is not known", "mandatory findings are not known"),
  ];
  throw new SlipwayError(reasons.filter((reason) => reason !== false).join(", "), EXIT_FAILED);
}
