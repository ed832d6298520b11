import type { Command } from "commander";
import { retreatCommand } from "./retreat-command";

const HELP = `
While traffic is split it all goes to the live slot; after a promotion it goes back to the slot that was live before, at
once while that is warm. The routes are moved first, then the record and the stack follow. Where no pod of that slot
answers and the other slot's do, traffic waits for one up to two minutes and then stays; --force does not wait. Exit
status: 0 where traffic is where it belongs, also where nothing had to be moved; 1 where it could not be moved or recorded.

Examples:
  $ npx slipway rollback text
  $ npx slipway rollback text --reason "wrong labels for customer 7"
  $ npx slipway rollback text --profile onprem --context prod`;

export const rollbackCommand = (): Command =>
  retreatCommand(
    "rollback",
    "send a service's traffic back: to the live slot, or after a promotion to the one before",
    HELP,
    "rolled back by hand",
  );
