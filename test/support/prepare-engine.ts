/** Builds the programs that the engine's tests start, before any of them runs out of time for it. A failure is theirs to tell. */
import { ensureTools } from "../../toolchain/build";
import { silent } from "../../toolchain/progress";

ensureTools(["engine", "cluster", "promtool"], silent).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
});
