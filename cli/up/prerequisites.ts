import { diagnose, type Finding } from "../../toolchain/build";
import { SlipwayError } from "../../toolchain/errors";

/** Everything that stands in the way, as one sentence each, before any work is done. */
export async function assertPrerequisites(_gatewayPort: number): Promise<void> {
  const missing = (await diagnose()).filter((finding) => finding.state === "missing");
  if (missing.length === 0) return;
  throw new SlipwayError(missing.map(describeMissing).join("\n       "));
}

export function describeMissing(finding: Finding): string {
  return `${finding.name}: ${finding.detail}${finding.mend ? `; ${finding.mend}` : ""}`;
}
