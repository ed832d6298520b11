import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import pino from "pino";
import { WatchedFile } from "../../../runtime/auth/watched-file";
import { modelFolder } from "../support/model-folder";

describe("WatchedFile", () => {
  it("keeps the last good state, and says once that the new one is broken", async () => {
    const file = join(modelFolder({ list: "1" }), "list");
    const errors: string[] = [];
    const spy = pino(
      { level: "error" },
      { write: (line: string) => void errors.push(JSON.parse(line).cause) },
    );
    const parse = (text: string) => {
      if (!/^\d+$/.test(text)) throw new Error("is no number.");
      return Number(text);
    };
    let changes = 0;
    const watched = new WatchedFile("--list", file, parse, spy, 1 << 30, () => changes++);
    writeFileSync(file, "x");
    await watched.reload();
    await watched.reload();
    assert.deepEqual([watched.current, errors, changes], [1, ["is no number."], 0]);
    writeFileSync(file, "2");
    await watched.reload();
    assert.deepEqual([watched.current, changes], [2, 1]);
    // Back to what is in force already: no harm.
    await watched.reload();
    assert.equal(changes, 1);
    watched.close();
  });
});
