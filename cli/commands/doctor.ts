import { Command } from "commander";
import pc from "picocolors";
import type { Finding } from "../../toolchain/build";
import { DEFAULT_GATEWAY_PORT } from "../../toolchain/cluster/settings";
import { meansExistingCluster } from "../up/cluster-choice";

const COLOURS: Record<Finding["state"], (text: string) => string> = {
  ok: pc.green,
  "will-build": pc.yellow,
  "will-install": pc.yellow,
  missing: pc.red,
};

const UP = "npm run up";
const UP_ELSEWHERE = "npx slipway up --registry REGISTRY --host NAME";

export function doctorCommand(): Command {
  return new Command("doctor")
    .description(
      "say what is installed, what `up` will build, and what is missing with the command that mends it",
    )
    .option("--embedded", "for the embedded cluster even where KUBECONFIG names another")
    .option("--json", "machine-readable")
    .addHelpText("after", "\nExamples:\n  $ npx slipway doctor")
    .action(async (options: { embedded?: boolean; json?: boolean }) => {
      const existing = meansExistingCluster(options);
      const findings = await (existing ? existingFindings() : embeddedFindings());
      const missing = findings.filter((finding) => finding.state === "missing");
      if (options.json) console.log(JSON.stringify({ ok: missing.length === 0, findings }, null, 2));
      else print(findings, missing, existing ? UP_ELSEWHERE : UP);
      if (missing.length > 0) process.exitCode = 1;
    });
}

async function embeddedFindings(): Promise<Finding[]> {
  const { diagnose } = require("../../toolchain/build") as typeof import("../../toolchain/build");
  const { localFindings } = require("../up/local-findings") as typeof import("../up/local-findings");
  return [...(await diagnose()), ...(await localFindings(DEFAULT_GATEWAY_PORT))];
}

/** No cluster is started then, so that neither its programs nor a port on loopback are needed. */
async function existingFindings(): Promise<Finding[]> {
  const { diagnose } = require("../../toolchain/build") as typeof import("../../toolchain/build");
  const { existingClusterFinding } =
    require("../up/existing-cluster-finding") as typeof import("../up/existing-cluster-finding");
  return [...(await diagnose({ groups: ["engine"] })), existingClusterFinding()];
}

function print(findings: Finding[], missing: Finding[], up: string): void {
  if (process.stdout.isTTY) {
    const { plainTable } = require("../plain-table") as typeof import("../plain-table");
    const rows = findings.map(({ state, name, detail }) => [COLOURS[state](state), name, pc.dim(detail)]);
    console.log(`${plainTable(rows, ["left"]).join("\n")}\n`);
  } else for (const { state, name, detail } of findings) console.log(`${state}\t${name}\t${detail}`);
  for (const { name, mend } of missing) console.log(pc.red(`${name}: ${mend ?? "see above"}`));
  console.log(
    missing.length === 0 ? `\`${up}\` can work.` : `\`${up}\` cannot work: ${missing.length} missing.`,
  );
}
