import assert from "node:assert/strict";
import fc from "fast-check";
import { OrderedDelivery } from "../../../runtime/batching/ordered-delivery";

describe("OrderedDelivery", () => {
  it("hands answers on in the order of their requests, each as soon as it may be", () => {
    const delivery = new OrderedDelivery();
    const handed: string[] = [];
    const [a, b, c] = ["a", "b", "c"].map((name) => {
      const take = delivery.announce();
      return () => take(() => handed.push(name));
    });
    b!();
    assert.deepEqual(handed, []);
    a!();
    assert.deepEqual(handed, ["a", "b"]);
    c!();
    assert.deepEqual(handed, ["a", "b", "c"]);
  });

  it("does so for any number of requests in any order of answers", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 3000 }), (choices) => {
        const delivery = new OrderedDelivery();
        const handed: number[] = [];
        const open: (() => void)[] = [];
        choices.forEach((choice, i) => {
          const take = delivery.announce();
          open.push(() => take(() => handed.push(i)));
          if (choice % 3 > 0) open.splice(choice % open.length, 1)[0]!();
        });
        for (const answer of open.reverse()) answer();
        assert.deepEqual(
          handed,
          choices.map((_, i) => i),
        );
      }),
      { numRuns: 30 },
    );
  });
});
