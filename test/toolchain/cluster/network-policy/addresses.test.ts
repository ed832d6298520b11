import assert from "node:assert";
import {
  contains,
  formatCidr,
  halves,
  parseCidr,
  type Cidr,
} from "../../../../toolchain/cluster/network-policy/addresses";

function cidr(text: string): Cidr {
  const parsed = parseCidr(text);
  assert.ok(parsed, text);
  return parsed;
}

describe("parseCidr", () => {
  for (const [text, expected] of [
    ["10.244.0.0/16", "10.244.0.0/16"],
    ["10.244.3.4/16", "10.244.0.0/16"],
    ["255.255.255.255", "255.255.255.255/32"],
    ["0.0.0.0/0", "0.0.0.0/0"],
  ] as const) {
    it(`reads ${text} as ${expected}`, () => assert.strictEqual(formatCidr(cidr(text)), expected));
  }

  for (const text of [
    "",
    "10.0.0/8",
    "10.0.0.0/33",
    "10.0.0.0/-1",
    "10.0.0.0/8/8",
    "10.0.0.0/",
    "fd00::/8",
    "10.0.0.256",
  ]) {
    it(`refuses "${text}"`, () => assert.strictEqual(parseCidr(text), undefined));
  }
});

describe("contains", () => {
  for (const [outer, inner, expected] of [
    ["10.0.0.0/8", "10.255.255.255/32", true],
    ["10.0.0.0/8", "11.0.0.0/32", false],
    ["10.0.0.0/24", "10.0.0.0/16", false],
    ["10.0.0.0/24", "10.0.0.0/24", true],
    ["0.0.0.0/0", "255.255.255.255/32", true],
  ] as const) {
    it(`${outer} ${expected ? "holds" : "does not hold"} ${inner}`, () => {
      assert.strictEqual(contains(cidr(outer), cidr(inner)), expected);
    });
  }
});

describe("halves", () => {
  it("splits the whole address space into two sets that the kernel can hold", () => {
    assert.deepStrictEqual(halves(cidr("0.0.0.0/0")).map(formatCidr), ["0.0.0.0/1", "128.0.0.0/1"]);
  });
});
