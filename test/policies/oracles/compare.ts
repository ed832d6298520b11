/** Runs the public scanners over the corpus, records what they say, and writes docs/policy-coverage.md. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../../toolchain/paths";
import { corpus } from "../corpus";
import { type AuditorsJudgement, auditorsPairs, judgePair } from "../auditors";
import { outsiders } from "../outsiders";
import { type Judgement, judge } from "../corpus/measure";
import { coveragePage } from "./coverage-page";
import { explanations } from "./explanations";
import { record, recorded } from "./hits";
import { scan } from "./scan";

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-oracles-"));
  try {
    record(corpus, await scan(folder, corpus));
  } finally {
    rmSync(folder, { recursive: true });
  }
  const [judgements, outside]: [Judgement[], Judgement[]] = [[], []];
  for (const twin of corpus) judgements.push(await judge(twin));
  for (const twin of outsiders) outside.push(await judge(twin));
  const audited: AuditorsJudgement[] = [];
  for (const pair of auditorsPairs) audited.push(await judgePair(pair));
  const page = coveragePage(judgements, recorded(corpus), explanations(), outside, audited);
  writeFileSync(join(projectRoot, "docs/policy-coverage.md"), page);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
