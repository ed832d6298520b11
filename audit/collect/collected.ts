import type { ReportedFinding, ReportedResource } from "../report";

/** What was judged and what came of it, before waivers. */
export interface Collected {
  readonly mode: "preview" | "update" | "state";
  readonly project: string;
  readonly stack: string;
  readonly resources: readonly ReportedResource[];
  readonly findings: readonly CollectedFinding[];
}

export interface CollectedFinding extends Omit<ReportedFinding, "state" | "waiver"> {
  readonly state: Exclude<ReportedFinding["state"], "waived">;
}
