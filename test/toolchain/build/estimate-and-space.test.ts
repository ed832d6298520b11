import assert from "node:assert/strict";
import {
  describeBuild,
  describeSeconds,
  secondsLeft,
  shareOf,
} from "../../../toolchain/build/build-estimate";
import { fileSystemOf, spaceProblem } from "../../../toolchain/build/disk-space";

describe("the estimate of a build", () => {
  const state = {
    programs: 10,
    programsDone: 0,
    packagesDone: 0,
    shareDone: 0,
    shareAtStart: 0,
    elapsedSeconds: 5,
    typicalSeconds: 600,
  };

  it("is the typical time at first", () => assert.equal(secondsLeft(state), 600));

  it("follows the machine's own speed later", () =>
    assert.equal(secondsLeft({ ...state, shareDone: 0.25, elapsedSeconds: 300 }), 900));

  it("counts what an earlier run did, without taking it for speed", () =>
    assert.equal(secondsLeft({ ...state, shareDone: 0.5, shareAtStart: 0.45, elapsedSeconds: 10 }), 300));

  it("goes by the finished programs where Go's cache held the packages", () =>
    assert.equal(shareOf(10, 1000, 300, 600), 0.5));

  it("is never done before the programs are", () => assert.equal(shareOf(2000, 1000, 300, 600), 0.97));

  it("is said with what is done and what is being built", () =>
    assert.equal(
      describeBuild(
        { ...state, programsDone: 3, packagesDone: 1200, shareDone: 0.5, elapsedSeconds: 240 },
        "k8s.io/api",
      ),
      "3 of 10 programs, 1200 packages, about 4 min left, now k8s.io/api",
    ));

  const times: [number, string][] = [
    [0, "10 s"],
    [11, "20 s"],
    [89, "90 s"],
    [90, "2 min"],
    [700, "12 min"],
  ];
  for (const [seconds, text] of times) {
    it(`${seconds} seconds are ${text}`, () => assert.equal(describeSeconds(seconds), text));
  }
});

describe("spaceProblem", () => {
  const look = (path: string) => ({
    id: path.startsWith("/big") ? 1 : 2,
    freeBytes: path.startsWith("/big") ? 9e9 : 2e9,
  });

  it("is none where each file system has room for all that goes there", () =>
    assert.equal(
      spaceProblem(
        [
          { path: "/big/a", bytes: 4e9 },
          { path: "/small/b", bytes: 2e9 },
        ],
        look,
      ),
      undefined,
    ));

  it("sums what goes to one file system", () =>
    assert.equal(
      spaceProblem(
        [
          { path: "/small/a", bytes: 1.5e9 },
          { path: "/small/b", bytes: 1e9 },
        ],
        look,
      ),
      "the build needs 2.5 GB free where /small/a, /small/b lie, and 2.0 GB are",
    ));

  it("names one folder", () =>
    assert.equal(
      spaceProblem([{ path: "/small/a", bytes: 3e9 }], look),
      "the build needs 3.0 GB free where /small/a lies, and 2.0 GB are",
    ));

  it("looks at the nearest folder that exists", () =>
    assert.deepEqual(fileSystemOf(`${__dirname}/none/at/all`).id, fileSystemOf(__dirname).id));
});
