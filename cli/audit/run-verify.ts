import { relative } from "node:path";
import { readVerifyingKey, verifyReport } from "../../audit/signature/verify-report";
import { plainText } from "../../rollout/record/plain-text";
import { SlipwayError } from "../../toolchain/errors";
import { reading } from "./exit-status";
import { readInputFile } from "./input-file";

/** Says that a report is what was signed, or throws why it is not. */
export function runVerify(file: string, keyFile: string): void {
  const key = readInputFile("--key", keyFile, "key");
  const publicKey = reading(key.path, () => readVerifyingKey(key.text));
  const report = readInputFile("report", file, "report");
  const result = reading(report.path, () => verifyReport(report.text, publicKey));
  const name = relative(process.cwd(), file) || file;
  if (!result.ok) throw new SlipwayError(`${name} is not proven. ${result.problem}`);
  const { subject, asOf } = result.report;
  const what = plainText(`${subject.project}/${subject.stack}, as of ${asOf}`);
  console.log(`${name} is unaltered: the audit of ${what}, signed with the key ${result.keyId}.`);
}
