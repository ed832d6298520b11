import assert from "node:assert/strict";
import fc from "fast-check";
import { urnGlob } from "../../../audit/waivers/urn-glob";

const URN = "urn:pulumi:dev::shop::shop:index:Web$kubernetes:apps/v1:Deployment::web-[1]";

describe("urnGlob", () => {
  for (const pattern of [
    URN,
    "**",
    "urn:pulumi:*::shop::**",
    "**Deployment::web-*",
    "**$kubernetes:apps/v1:Deployment::web-[1]",
    "urn:pulumi:dev::shop::*:*:*:*/*:*::*",
    `**${URN}**`,
  ]) {
    it(`matches ${pattern}`, () => assert.ok(urnGlob(pattern).matches(URN)));
  }

  for (const pattern of ["", "*", "urn:*", "**Service**", "**web-1", "**web-?1]", URN.slice(1), `${URN}x`]) {
    it(`does not match ${JSON.stringify(pattern)}`, () => assert.ok(!urnGlob(pattern).matches(URN)));
  }

  it("takes an empty name for what it is", () => {
    assert.ok(urnGlob("").matches(""));
    assert.ok(urnGlob("*").matches(""));
  });

  it("agrees with the pattern of the engine's --target", () => {
    const piece = fc.constantFrom("a", ":", "$", "/", "*", "**");
    const property = fc.property(
      fc.array(piece, { maxLength: 8 }),
      fc.string({ unit: fc.constantFrom("a", ":", "$", "/"), maxLength: 8 }),
      (pieces, text) => {
        const pattern = pieces.join("");
        const source = pattern
          .replace(/[$/]/g, "\\$&")
          .replace(/\*\*|\*/g, (star) => (star === "**" ? "[^]*" : "[^:]*"));
        assert.equal(urnGlob(pattern).matches(text), new RegExp(`^${source}$`).test(text));
      },
    );
    fc.assert(property, { numRuns: 500 });
  });

  it("is not slowed down by a hostile pattern", () => {
    const started = performance.now();
    assert.ok(!urnGlob(`${"**a".repeat(60)}b`).matches("a".repeat(400)));
    assert.ok(performance.now() - started < 1000);
  });
});
