import assert from "node:assert";
import { covers, ipv4Range } from "../../../policies/model/addresses";

describe("IPv4 ranges", () => {
  const cases: readonly [outer: string, inner: string, expected: boolean][] = [
    ["0.0.0.0/0", "169.254.169.254/32", true],
    ["169.254.0.0/16", "169.254.169.254/32", true],
    ["169.254.169.254/32", "169.254.169.254/32", true],
    ["128.0.0.0/1", "169.254.169.254/32", true],
    ["0.0.0.0/1", "169.254.169.254/32", false],
    ["169.254.169.253/32", "169.254.169.254/32", false],
    ["169.254.169.254/32", "169.254.0.0/16", false],
    ["::/0", "169.254.169.254/32", false],
    ["everything", "169.254.169.254/32", false],
  ];
  for (const [outer, inner, expected] of cases) {
    it(`${outer} ${expected ? "holds" : "does not hold"} ${inner}`, () => {
      assert.strictEqual(covers(outer, inner), expected);
    });
  }

  it("are four octets and a prefix", () => {
    assert.deepStrictEqual(ipv4Range("10.0.0.1/8"), { base: 167772161, prefix: 8 });
    for (const text of ["256.0.0.0/8", "10.0.0.0/33", "10.0.0/8", "10.0.0.0", ""]) {
      assert.strictEqual(ipv4Range(text), undefined, text);
    }
  });
});
