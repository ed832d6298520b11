import type { Command } from "commander";
import { retreatCommand } from "./retreat-command";

const HELP = `
The candidate keeps its pods: \`rollout\` may begin anew. A promotion is not taken back: that is what \`rollback\` does.

Examples:
  $ npx slipway abort text
  $ npx slipway abort text --reason "release postponed"`;

export const abortCommand = (): Command =>
  retreatCommand(
    "abort",
    "end a rollout in progress: all traffic goes to the live slot",
    HELP,
    "aborted by hand",
  );
