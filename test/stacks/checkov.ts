import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { virtualEnvironment } from "../clients/support/python";
import { runCommand } from "../support/slipway";

const REQUIREMENTS = join(__dirname, "checkov-requirements.txt");

/** The program in a virtual environment of its own, installed where the cache lacks it. */
export async function program(): Promise<string> {
  return join(await virtualEnvironment("checkov", REQUIREMENTS), "checkov");
}

/** A check that failed, and what for. */
export interface Finding {
  readonly check: string;
  readonly resource: string;
}

/** What checkov says of a folder. */
export interface Scan {
  /** Kubernetes objects that it read. */
  readonly objects: number;
  readonly passed: number;
  readonly failed: readonly (Finding & { readonly name: string })[];
}

interface Report {
  readonly check_type: string;
  readonly summary: {
    readonly passed: number;
    readonly parsing_errors: number;
    readonly resource_count: number;
  };
  readonly results: {
    readonly failed_checks: readonly { check_id: string; check_name: string; resource: string }[];
    readonly parsing_errors: readonly string[];
  };
}

/** Everything that is set for checkov: no account, no download, and no way out for what would try all the same. */
export const OFFLINE = {
  BC_API_KEY: "",
  HTTPS_PROXY: "http://127.0.0.1:9",
  HTTP_PROXY: "http://127.0.0.1:9",
};

/** Checks Kubernetes objects and looks for credentials in a folder of YAML files. */
export async function checkov(folder: string): Promise<Scan> {
  const args = ["--directory", folder, "--framework", "kubernetes", "secrets", "--skip-download"];
  const { stdout, stderr } = await runCommand(await program(), [...args, "--compact", "--output", "json"], {
    env: OFFLINE,
  });
  let reports: Report[];
  try {
    // One framework's report comes alone, several in a list.
    reports = [JSON.parse(stdout) as Report | Report[]].flat();
  } catch {
    throw new Error(`checkov did not answer: ${stderr || stdout}`);
  }
  const unread = reports.flatMap(({ results }) => results.parsing_errors);
  if (unread.length > 0) throw new Error(`checkov cannot read ${unread.join(", ")}`);
  const kubernetes = reports.find(({ check_type }) => check_type === "kubernetes")?.summary;
  if (!kubernetes) throw new Error(`checkov found no Kubernetes objects in ${folder}`);
  const failed = reports
    .flatMap(({ results }) => results.failed_checks)
    .map(({ check_id: check, check_name: name, resource }) => ({ check, name, resource }));
  return { objects: kubernetes.resource_count, passed: kubernetes.passed, failed };
}

export interface Waiver extends Finding {
  readonly reason: string;
}

/** The waivers of the repository. @throws Error where one has no reason */
export function waivers(): Waiver[] {
  const file = join(__dirname, "checkov-waivers.yaml");
  const all = parse(readFileSync(file, "utf8")) as Partial<Waiver>[];
  return all.map(({ check, resource, reason }) => {
    if (check && resource && reason?.trim()) return { check, resource, reason };
    throw new Error(`${file}: every waiver needs \`check\`, \`resource\` and \`reason\``);
  });
}

const same = (a: Finding) => (b: Finding) => a.check === b.check && a.resource === b.resource;

/** Failed checks that nothing waives, and waivers that no failed check needs. */
export function judged<T extends Finding, W extends Finding>(
  failed: readonly T[],
  waived: readonly W[],
): { readonly open: T[]; readonly unused: W[] } {
  return {
    open: failed.filter((finding) => !waived.some(same(finding))),
    unused: waived.filter((waiver) => !failed.some(same(waiver))),
  };
}
