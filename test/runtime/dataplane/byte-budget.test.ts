import assert from "node:assert/strict";
import { ByteBudget } from "../../../runtime/dataplane/byte-budget";

describe("ByteBudget", () => {
  it("refuses what all shares together would exceed, and leaves the share as it was", () => {
    const budget = new ByteBudget(100);
    const first = budget.open();
    const second = budget.open();
    first.take(60);
    second.take(40);
    assert.throws(() => second.take(1), {
      code: "Overloaded",
      message: "Requests hold the 100 bytes that `--max-pending-bytes` allows already; retry later.",
    });
    assert.equal(budget.heldBytes, 100);
  });

  it("counts answers whatever they take, and keeps requests out meanwhile", () => {
    const budget = new ByteBudget(10);
    const share = budget.open();
    share.take(3);
    share.holdAnswer(25);
    assert.equal(budget.heldBytes, 25);
    assert.throws(() => budget.open().take(1), { code: "Overloaded" });
    share.holdAnswer(4);
    assert.equal(budget.heldBytes, 4);
    share.release();
    assert.equal(budget.heldBytes, 0);
  });

  it("takes back a share once", () => {
    const budget = new ByteBudget(10);
    const share = budget.open();
    share.take(3);
    share.take(4);
    share.release();
    share.release();
    assert.equal(budget.heldBytes, 0);
    budget.open().take(10);
  });
});
