import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { withAwakeCores } from "../../bench/awake-cores";
import { chooseCores } from "../../bench/cores";

const SCHED_IDLE = 5;

/** Fields of `/proc/PID/stat` behind the command, from the state on. */
const statOf = (pid: number): string[] => {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
};

describe("what keeps cores awake", () => {
  const cores = chooseCores();
  before(function () {
    if (cores.server === undefined) this.skip();
  });

  it("runs on each of them, gives way to everything else, and is gone afterwards", async () => {
    const pids = await withAwakeCores(cores, async (spinners) => {
      assert.equal(spinners.length, 2);
      const policyOf = (pid: number) => Number(statOf(pid)[38]);
      // `chrt` and `taskset` set it before they become the program.
      for (const deadline = Date.now() + 5_000; Date.now() < deadline; await sleep(20))
        if (spinners.every((pid) => policyOf(pid) === SCHED_IDLE)) break;
      assert.deepEqual(spinners.map(policyOf), [SCHED_IDLE, SCHED_IDLE]);
      return spinners;
    });
    for (const pid of pids) assert.throws(() => statOf(pid), /ENOENT/);
  });

  it("is gone where what is measured fails", async () => {
    let pids: readonly number[] = [];
    const failing = withAwakeCores(cores, async (spinners) => {
      pids = spinners;
      throw new Error("no answer");
    });
    await assert.rejects(failing, /no answer/);
    assert.equal(pids.length, 2);
    for (const pid of pids) assert.throws(() => statOf(pid), /ENOENT/);
  });
});
