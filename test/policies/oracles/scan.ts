import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { PlainResource } from "../../../policies/testing";
import { PACKAGE_FLAGS } from "../../../toolchain/build/go-group";
import { findGo, GO_ENVIRONMENT } from "../../../toolchain/build/go-toolchain";
import { cachedFolder } from "../../clients/support/cached-folder";
import { mustRun } from "../../clients/support/python";
import { OFFLINE, program as checkovProgram } from "../../stacks/checkov";
import { runCommand } from "../../support/slipway";
import type { Twin } from "../corpus/model";
import { toObject, withOwnNames } from "./kubernetes";
import { toTerraform } from "./terraform";
import { TERRAFORM_TYPES } from "./terraform-types";

export type Scanner = "Checkov" | "kube-score";
export type Side = "bad" | "good";

/** A check that failed for a resource of the corpus. */
export interface Hit {
  readonly scanner: Scanner;
  readonly check: string;
  readonly title: string;
  readonly side: Side;
  readonly twin: string;
  /** Pulumi's name of the resource; undefined where the scanner names none. */
  readonly name: string | undefined;
}

const MODULE = join(__dirname, "kube-score");

/** The program, built where the cache lacks it: takes a minute. */
async function kubeScoreProgram(): Promise<string> {
  const recipe = ["go.mod", "go.sum"].map((name) => readFileSync(join(MODULE, name), "utf8")).join("\n");
  const folder = await cachedFolder("kube-score", recipe, async (target) => {
    const go = await findGo();
    if (!go) throw new Error("kube-score cannot be built: Go was not found on PATH");
    mkdirSync(target);
    const args = ["build", ...PACKAGE_FLAGS, "-o", join(target, "kube-score")];
    await mustRun(go.path, [...args, "github.com/zegl/kube-score/cmd/kube-score"], {
      cwd: MODULE,
      env: { ...process.env, ...GO_ENVIRONMENT },
    });
  });
  return join(folder, "kube-score");
}

/** Where a pair's side lies, and by which names scanners speak of its resources. */
interface Written {
  readonly twin: string;
  readonly side: Side;
  readonly files: readonly string[];
  readonly names: ReadonlyMap<string, string>;
}

/** Writes a side as scanners read it: Kubernetes objects as YAML, those of AWS as Terraform's JSON. */
function write(root: string, twin: Twin, side: Side): Written {
  const folder = join(root, side, twin.id);
  mkdirSync(folder, { recursive: true });
  const names = new Map<string, string>();
  const files: string[] = [];
  const objects = twin[side].flatMap((resource) => {
    const object = toObject(withOwnNames(resource, `${side}-${twin.id}`));
    if (!object) return [];
    const { name = "", namespace: own = "default" } = (object.metadata ?? {}) as Record<string, string>;
    names.set(`${object.kind as string}.${own}.${name}`, resource.name!);
    return [object];
  });
  if (objects.length > 0) {
    files.push(join(folder, "objects.yaml"));
    writeFileSync(files[0]!, objects.map((object) => stringify(object)).join("---\n"));
  }
  const terraform = twin[side].filter(({ type }) => TERRAFORM_TYPES[type]);
  const label = (name: string): string => `${side}-${twin.id}-${name}`;
  // Some checks name the type of a resource, some the kind of the block.
  for (const { type, name = "" } of terraform)
    for (const kind of [TERRAFORM_TYPES[type], "resource"]) names.set(`${kind}.${label(name)}`, name);
  if (terraform.length > 0) {
    const text = JSON.stringify(toTerraform(terraform, label), null, 1);
    writeFileSync(join(folder, "main.tf.json"), text);
  }
  return { twin: twin.id, side, files, names };
}

interface CheckovReport {
  readonly results: {
    readonly failed_checks: readonly {
      check_id: string;
      check_name: string;
      file_path: string;
      resource: string;
    }[];
    readonly parsing_errors: readonly string[];
  };
}

async function scanWithCheckov(root: string, written: readonly Written[]): Promise<Hit[]> {
  const args = [
    "--directory",
    root,
    "--framework",
    "kubernetes",
    "terraform_json",
    "--skip-download",
    "--compact",
  ];
  const { stdout, stderr } = await runCommand(await checkovProgram(), [...args, "--output", "json"], {
    // One process: its workers can wait for one another for ever on a busy machine.
    env: { ...OFFLINE, CHECKOV_PARALLELIZATION_TYPE: "none" },
  });
  if (!/^\s*[[{]/.test(stdout)) throw new Error(`checkov did not answer: ${stderr || stdout}`);
  const reports = [JSON.parse(stdout) as CheckovReport | CheckovReport[]].flat();
  const unread = reports.flatMap(({ results }) => results.parsing_errors);
  if (unread.length > 0) throw new Error(`checkov cannot read ${unread.join(", ")}`);
  return reports
    .flatMap(({ results }) => results.failed_checks)
    .map(({ check_id: check, check_name: title, file_path, resource }): Hit => {
      const [side, twin] = file_path.split("/").filter(Boolean) as [Side, string];
      const place = written.find((one) => one.side === side && one.twin === twin);
      return { scanner: "Checkov", check, title, side, twin, name: place?.names.get(resource) };
    });
}

interface KubeScoreObject {
  readonly type_meta: { readonly kind: string };
  readonly object_meta: { readonly name: string; readonly namespace?: string };
  readonly checks:
    | readonly {
        readonly check: { readonly id: string; readonly name: string };
        readonly grade: number;
        readonly skipped: boolean;
      }[]
    | null;
}

/** Grades up to this one are findings: critical is 1, warning 5, all right 10. */
const WARNING = 5;

async function scanWithKubeScore({ twin, side, files, names }: Written): Promise<Hit[]> {
  if (files.length === 0) return [];
  const { stdout, stderr } = await runCommand(await kubeScoreProgram(), [
    "score",
    "--output-format",
    "json",
    ...files,
  ]);
  // It reads objects strictly, so that a value of a wrong type ends it.
  if (/Failed to parse .* cannot unmarshal/.test(stderr + stdout))
    return [
      {
        scanner: "kube-score",
        check: "(refused)",
        title: "The object can be read",
        side,
        twin,
        name: undefined,
      },
    ];
  if (!/^\s*(?:\[|null)/.test(stdout))
    throw new Error(`kube-score did not answer for ${twin}: ${stderr || stdout}`);
  return ((JSON.parse(stdout) as KubeScoreObject[] | null) ?? []).flatMap(
    ({ type_meta, object_meta, checks }) =>
      (checks ?? [])
        .filter(({ grade, skipped }) => !skipped && grade <= WARNING)
        .map(({ check }): Hit => {
          const key = `${type_meta.kind}.${object_meta.namespace || "default"}.${object_meta.name}`;
          return {
            scanner: "kube-score",
            check: check.id,
            title: check.name,
            side,
            twin,
            name: names.get(key),
          };
        }),
  );
}

/** What the public scanners say of both sides of every pair. */
export async function scan(root: string, twins: readonly Twin[]): Promise<Hit[]> {
  const sides: readonly Side[] = ["bad", "good"];
  const written = twins.flatMap((twin) => sides.map((side) => write(root, twin, side)));
  const hits = await scanWithCheckov(root, written);
  for (const one of written) hits.push(...(await scanWithKubeScore(one)));
  return hits;
}

/** Resources that no scanner reads, such as those of types it has no table for. */
export const unread = (resources: readonly PlainResource[]): PlainResource[] =>
  resources.filter(({ type }) => !type.startsWith("kubernetes:") && !TERRAFORM_TYPES[type]);
