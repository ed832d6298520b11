import assert from "node:assert/strict";
import { RandomProjection, seededNormal } from "../../../runtime/drift/projection";

const vector = (dimensions: number, seed: number) => {
  const normal = seededNormal(seed);
  return Float32Array.from({ length: dimensions }, normal);
};

describe("RandomProjection", () => {
  const settings = { dimensions: 300, count: 64, seed: 7 };
  const project = (values: ArrayLike<number>, of = new RandomProjection(settings), offset = 0) => {
    const target = new Float64Array(of.count);
    of.project(values, offset, target);
    return target;
  };

  it("is the same in every process", () => {
    assert.deepEqual(project(vector(300, 1)), project(vector(300, 1)));
    assert.deepEqual(
      [...project(vector(300, 1)).slice(0, 2)].map((place) => place.toFixed(6)),
      [...project(vector(300, 1), new RandomProjection({ ...settings })).slice(0, 2)].map((place) =>
        place.toFixed(6),
      ),
    );
    assert.notDeepEqual(
      project(vector(300, 1)),
      project(vector(300, 1), new RandomProjection({ ...settings, seed: 8 })),
    );
  });

  it("is linear", () => {
    const doubled = project(vector(300, 2).map((value) => 2 * value));
    project(vector(300, 2)).forEach((place, k) => assert.ok(Math.abs(doubled[k]! - 2 * place) < 1e-9));
  });

  it("keeps squared distances on average, and within what Johnson and Lindenstrauss promise for nearly all pairs", () => {
    const ratios: number[] = [];
    const projection = new RandomProjection(settings);
    for (let pair = 0; pair < 200; pair++) {
      const a = vector(300, 2 * pair + 1000);
      const b = vector(300, 2 * pair + 1001);
      const difference = a.map((value, i) => value - b[i]!);
      const length = difference.reduce((sum, value) => sum + value * value, 0);
      ratios.push(project(difference, projection).reduce((sum, place) => sum + place * place, 0) / length);
    }
    const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
    assert.ok(Math.abs(mean - 1) < 0.1, String(mean));
    // P(|ratio - 1| > 0.5) <= 2 exp(-64 (0.25 / 4 - 0.125 / 6)) = 0.14 (Dasgupta, Gupta 2003).
    assert.ok(ratios.filter((ratio) => Math.abs(ratio - 1) > 0.5).length <= 0.14 * ratios.length);
  });

  it("starts at the offset", () => {
    const two = Float32Array.of(...vector(300, 3), ...vector(300, 4));
    assert.deepEqual(project(two, undefined, 300), project(vector(300, 4)));
  });
});
