import assert from "node:assert/strict";
import fc from "fast-check";
import { TaggedQueue } from "../../../runtime/batching/tagged-queue";
import { Item } from "./support";

describe("TaggedQueue", () => {
  it("gives items in the order of their tags, whatever the order in which they come and go", () => {
    const step = fc.oneof(fc.record({ tag: fc.integer({ min: 0, max: 20 }) }), fc.constant("pop" as const));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const queue = new TaggedQueue<Item>();
        let model: Item[] = [];
        let count = 0;
        const first = () => [...model].sort((a, b) => a.tag - b.tag || a.order - b.order)[0];
        for (const next of steps) {
          if (next === "pop") {
            const expected = first();
            assert.equal(queue.peek(), expected);
            assert.equal(queue.pop(), expected);
            model = model.filter((item) => item !== expected);
          } else {
            const item = new Item(String(count), { rows: 1 + (count % 3) });
            Object.assign(item, { tag: next.tag, order: count++ });
            queue.push(item);
            model.push(item);
          }
          assert.equal(queue.length, model.length);
          assert.equal(
            queue.rows,
            model.reduce((sum, item) => sum + item.rows, 0),
          );
        }
        queue.keep((item) => item.tag % 2 === 0);
        model = model.filter((item) => item.tag % 2 === 0);
        while (model.length > 0) {
          const expected = first();
          assert.equal(queue.pop(), expected);
          model = model.filter((item) => item !== expected);
        }
        assert.equal(queue.pop(), undefined);
      }),
    );
  });

  it("takes out the last item that passes, from either part", () => {
    const queue = new TaggedQueue<Item>();
    const items = [5, 6, 1, 2].map((tag, order) => Object.assign(new Item(String(tag)), { tag, order }));
    items.forEach((item) => queue.push(item));
    assert.equal(queue.popLast(() => true)?.name, "6");
    assert.equal(queue.popLast((item) => item.tag < 5)?.name, "2");
    assert.equal(
      queue.popLast(() => false),
      undefined,
    );
    assert.deepEqual([queue.pop()?.name, queue.pop()?.name, queue.rows], ["1", "5", 0]);
  });
});
