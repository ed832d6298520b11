import assert from "node:assert/strict";
import { isFittingPulumi } from "../../../toolchain/build/official-pulumi";
import { isAtLeast, parseVersion } from "../../../toolchain/build/versions";

describe("versions", () => {
  const texts: [string, readonly number[] | undefined][] = [
    ["v3.250.0\n", [3, 250, 0]],
    ["3.200.1-alpha.5+abc", [3, 200, 1]],
    ["go version go1.26.7 linux/amd64", [1, 26, 7]],
    ["go version go1.27rc1 linux/amd64", [1, 27, 0]],
    ["go version devel go1.28-abcdef", [1, 28, 0]],
    ["1.26.7", [1, 26, 7]],
    ["", undefined],
    ["unknown", undefined],
  ];
  for (const [text, expected] of texts) {
    it(`reads ${JSON.stringify(text)}`, () => assert.deepEqual(parseVersion(text), expected));
  }

  const comparisons: [readonly [number, number, number], readonly [number, number, number], boolean][] = [
    [[1, 26, 7], [1, 26, 7], true],
    [[1, 27, 0], [1, 26, 7], true],
    [[2, 0, 0], [1, 26, 7], true],
    [[1, 26, 6], [1, 26, 7], false],
    [[1, 9, 99], [1, 26, 0], false],
  ];
  for (const [version, minimum, expected] of comparisons) {
    it(`${version.join(".")} is ${expected ? "" : "not "}at least ${minimum.join(".")}`, () =>
      assert.equal(isAtLeast(version, minimum), expected));
  }

  const engines: [readonly [number, number, number], boolean][] = [
    [[3, 199, 9], false],
    [[3, 200, 0], true],
    [[3, 999, 0], true],
    [[4, 0, 0], false],
    [[2, 250, 0], false],
  ];
  for (const [version, expected] of engines) {
    it(`an engine ${version.join(".")} ${expected ? "fits" : "does not fit"}`, () =>
      assert.equal(isFittingPulumi(version), expected));
  }
});
