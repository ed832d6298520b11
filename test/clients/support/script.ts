import assert from "node:assert/strict";
import { join } from "node:path";
import { clientsFolder, clientsPython, mustRun } from "./python";
import type { Serving } from "./serving";

/** What a case of a script gave: a value of JSON, or the traceback of what it threw. */
type Outcome = { readonly value: unknown } | { readonly error: string };

/** What a client's exception said, as the scripts hand it back. */
export interface Refusal {
  readonly type: string;
  readonly status: string | null;
  readonly message: string;
}

/** The outcomes of all cases of one Python script, see scripts/cases.py. */
export class ScriptResults {
  private constructor(private readonly outcomes: { readonly [name: string]: Outcome }) {}

  static async of(script: string, { ports }: Serving): Promise<ScriptResults> {
    const path = join(clientsFolder, "scripts", script);
    const args = [`127.0.0.1:${ports.http}`, `127.0.0.1:${ports.grpc}`];
    const stdout = await mustRun(await clientsPython(), [path, ...args]);
    return new ScriptResults(JSON.parse(stdout) as { [name: string]: Outcome });
  }

  /** What the case gave; throws the client's traceback where it failed. */
  value(name: string): unknown {
    const outcome = this.outcomes[name];
    assert.ok(outcome, `the script has no case \`${name}\``);
    if ("error" in outcome) assert.fail(outcome.error);
    return outcome.value;
  }

  get names(): string[] {
    return Object.keys(this.outcomes);
  }
}

/** Expectations by case: what its value must equal, or a function that judges the value. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- values are whatever the script gives
export type Expectations = { readonly [name: string]: unknown | ((value: any) => void) };

/** One mocha case per case of the script, and one that none of the script's is left out. */
export function itMeets(expectations: Expectations, results: () => ScriptResults): void {
  for (const [name, expected] of Object.entries(expectations)) {
    it(name, () => {
      const value = results().value(name);
      if (typeof expected === "function") expected(value);
      else assert.deepEqual(value, expected);
    });
  }
  it("leaves no case of the script out", () => {
    assert.deepEqual(results().names.sort(), Object.keys(expectations).sort());
  });
}
