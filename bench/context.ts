import type { Cores } from "./cores";
import type { LoadGenerator } from "./load/generator";

/** What every benchmark works with. */
export interface BenchContext {
  readonly cores: Cores;
  readonly load: LoadGenerator;
  /** A look whether everything works; the numbers mean nothing. */
  readonly quick: boolean;
}
