import type { ReportedFinding } from "./report";

/** Of what an operation had not come to when it ended. */
export const NOT_REACHED =
  "Not judged: the operation ended before the policies came to it. Mend what made it fail, and audit again.";

/** Of a rule that is on here, and that nobody asked in the run. */
export const NOT_RUN =
  "The run did not judge this rule: it was off, or of another version of the pack. Audit with the settings of the run, or run it again with these.";

/** Of a resource that the program reads and does not manage. */
export const NOT_ASKED = "Not judged: the engine does not put to the policies what a program only reads.";

/**
 * Whether a finding is open because the run did not come to it or had the rule off: no update will tell, and only another run
 * can. What a preview does not know yet is not meant.
 */
export const isUnjudged = ({ state, messages }: Pick<ReportedFinding, "state" | "messages">): boolean =>
  state === "indeterminate" && messages.some((message) => message === NOT_REACHED || message === NOT_RUN);
