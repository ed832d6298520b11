import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_FLAGS } from "../../../toolchain/build/go-group";
import { GO_ENVIRONMENT, findGo } from "../../../toolchain/build/go-toolchain";
import { cachedFolder } from "../../clients/support/cached-folder";
import { mustRun } from "../../clients/support/python";
import { runCommand } from "../../support/slipway";
import { LOCATION, schemaFolder } from "./schema-folder";

const MODULE = join(__dirname, "kubeconform");

/** The program, built where the cache lacks it: takes some seconds. */
async function program(): Promise<string> {
  const recipe = ["go.mod", "go.sum"].map((name) => readFileSync(join(MODULE, name), "utf8")).join("\n");
  const folder = await cachedFolder("kubeconform", recipe, async (target) => {
    const go = await findGo();
    if (!go) throw new Error("kubeconform cannot be built: Go was not found on PATH");
    mkdirSync(target);
    const args = ["build", ...PACKAGE_FLAGS, "-o", join(target, "kubeconform")];
    await mustRun(go.path, [...args, "github.com/yannh/kubeconform/cmd/kubeconform"], {
      cwd: MODULE,
      env: { ...process.env, ...GO_ENVIRONMENT },
    });
  });
  return join(folder, "kubeconform");
}

/** What kubeconform says of one object. */
export interface Verdict {
  readonly filename: string;
  readonly kind: string;
  readonly name: string;
  readonly status: "statusValid" | "statusInvalid" | "statusError" | "statusSkipped";
  readonly msg: string;
}

/** Checks every object in a folder of YAML or JSON files; a kind without a schema is an error. */
export async function kubeconform(folder: string): Promise<Verdict[]> {
  const location = join(await schemaFolder(), LOCATION);
  const args = ["-strict", "-verbose", "-output", "json", "-schema-location", location, folder];
  const { stdout, stderr } = await runCommand(await program(), args);
  const { resources } = JSON.parse(stdout || "{}") as { resources?: Verdict[] };
  if (!resources) throw new Error(`kubeconform did not answer: ${stderr}`);
  return resources;
}

/** One line per object that is not valid. */
export const complaints = (verdicts: readonly Verdict[]): string[] =>
  verdicts
    .filter(({ status }) => status !== "statusValid")
    .map(({ kind, name, msg }) => `${kind} ${name}: ${msg}`);
