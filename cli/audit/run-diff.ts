import pc from "picocolors";
import { diffReports } from "../../audit/diff/diff-reports";
import { readReport } from "../../audit/read-report";
import { SlipwayError } from "../../toolchain/errors";
import { renderDiffText } from "./diff-text";
import { EXIT_FAILED, reading } from "./exit-status";
import { readInputFile } from "./input-file";

/** Says what changed between two reports, and throws where a mandatory control newly fails. */
export function runDiff(before: string, after: string, { json }: { json?: boolean }): void {
  const [old, now] = [before, after].map((file) => {
    const { text } = readInputFile("report", file, "report");
    return reading(file, () => readReport(text));
  });
  const diff = reading(`${before} and ${after}`, () => diffReports(old!, now!));
  console.log(json ? JSON.stringify(diff, null, 2) : renderDiffText(diff, pc));
  const worse = diff.newFailures.filter(({ mandatory }) => mandatory).length;
  if (worse === 0) return;
  const what = worse === 1 ? "1 mandatory control fails" : `${worse} mandatory controls fail`;
  throw new SlipwayError(`${what} that did not fail before`, EXIT_FAILED);
}
