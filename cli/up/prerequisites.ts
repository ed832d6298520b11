import { diagnose, type Finding } from "../../toolchain/build";
import { chooseLoopbackPorts } from "../../toolchain/cluster/forwards";
import { clusterLayout } from "../../toolchain/cluster/layout";
import { SlipwayError } from "../../toolchain/errors";
import { LOCAL_PROFILE } from "../profiles";
import { profileServices } from "./local-config";
import { stateFinding } from "./local-findings";

/** Everything that stands in the way, as one sentence each, before any work is done. */
export async function assertPrerequisites(gatewayPort: number): Promise<void> {
  profileServices(LOCAL_PROFILE);
  await chooseLoopbackPorts(clusterLayout(), gatewayPort);
  const findings = [...(await diagnose()), stateFinding()];
  const missing = findings.filter((finding) => finding.state === "missing");
  if (missing.length === 0) return;
  throw new SlipwayError(missing.map(describeMissing).join("\n       "));
}

export function describeMissing(finding: Finding): string {
  return `${finding.name}: ${finding.detail}${finding.mend ? `; ${finding.mend}` : ""}`;
}
