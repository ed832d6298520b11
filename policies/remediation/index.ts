import { awsRemediations } from "./aws";
import { kubernetesRemediations } from "./kubernetes";
import type { Remediation } from "./remediation";

/** What the pack can mend, by the rule that asks for it. Nothing is mended unless a rule's level is `remediate`. */
export const remediations: ReadonlyMap<string, Remediation> = new Map(
  Object.entries({ ...kubernetesRemediations, ...awsRemediations }),
);

export { remediated, type Remediation } from "./remediation";
