import assert from "node:assert/strict";
import fc from "fast-check";
import type { Datatype } from "../../../runtime/dataplane/datatypes";
import { float16Bits, float16Value } from "../../../runtime/dataplane/float16";
import type { Tensor } from "../../../runtime/dataplane/tensor";
import type { PipelineCombine } from "../../../runtime/models/model-config-types";
import { combine, combinedSpec, requireCombine } from "../../../runtime/pipelines/combine";
import { floats, spec } from "./support/fake-model";

const join = (by: PipelineCombine["by"], parts: Tensor[], rest: Partial<PipelineCombine> = {}) =>
  combine({ output: "y", of: parts.map(({ name }) => name), by, ...rest }, parts);
const half = (name: string, values: number[]): Tensor => ({
  name,
  datatype: "FP16",
  shape: [values.length],
  data: Uint16Array.from(values, float16Bits),
});

describe("combine", () => {
  const a = () => floats("a", [1, 2, 3]);
  const b = () => floats("b", [5, 0, -3]);

  it("takes the mean, equal or weighted", () => {
    assert.deepEqual(join("mean", [a(), b()]), { ...floats("y", [3, 1, 0]) });
    assert.deepEqual(join(undefined, [a(), b()]).data, Float32Array.of(3, 1, 0));
    assert.deepEqual(join("mean", [a(), b()], { weights: [3, 1] }).data, Float32Array.of(2, 1.5, 1.5));
  });

  it("takes the sum, equal or weighted", () => {
    assert.deepEqual(join("sum", [a(), b()]).data, Float32Array.of(6, 2, 0));
    assert.deepEqual(join("sum", [a(), b()], { weights: [1, -1] }).data, Float32Array.of(-4, 2, 6));
  });

  it("takes the largest and smallest, with NaN winning", () => {
    assert.deepEqual(join("max", [a(), b()]).data, Float32Array.of(5, 2, 3));
    assert.deepEqual(join("min", [a(), b()]).data, Float32Array.of(1, 0, -3));
    assert.deepEqual(join("max", [a(), floats("b", [NaN, 9, 0])]).data, Float32Array.of(NaN, 9, 3));
    assert.deepEqual(join("min", [floats("b", [NaN, 9, 0]), a()]).data, Float32Array.of(NaN, 2, 0));
  });

  it("compares whole numbers beyond 2^53 exactly", () => {
    const whole = (name: string, value: bigint): Tensor => ({
      name,
      datatype: "INT64",
      shape: [1],
      data: BigInt64Array.of(value),
    });
    assert.deepEqual(
      join("max", [whole("a", 9007199254740993n), whole("b", 9007199254740992n)]).data,
      BigInt64Array.of(9007199254740993n),
    );
  });

  it("computes with half precision as with its numbers", () => {
    const mean = join("mean", [half("a", [1, -2]), half("b", [2, -6])]).data as Uint16Array;
    assert.deepEqual(Array.from(mean, float16Value), [1.5, -4]);
    const most = join("max", [half("a", [1, -2]), half("b", [2, -6])]).data as Uint16Array;
    assert.deepEqual(Array.from(most, float16Value), [2, -2]);
  });

  it("leaves its parts as they were", () => {
    const parts = [a(), b()];
    for (const by of ["mean", "sum", "max", "min", "concat"] as const) join(by, parts);
    assert.deepEqual(parts, [a(), b()]);
  });

  it("joins along any axis", () => {
    const x = floats("x", [1, 2, 3, 4], [2, 2]);
    const y = floats("y", [5, 6], [2, 1]);
    assert.deepEqual(join("concat", [x, y], { axis: 1 }), floats("y", [1, 2, 5, 3, 4, 6], [2, 3]));
    const z = floats("z", [7, 8], [1, 2]);
    assert.deepEqual(join("concat", [x, z]), floats("y", [1, 2, 3, 4, 7, 8], [3, 2]));
  });

  it("joins texts", () => {
    const texts = (name: string, data: string[], shape: number[]): Tensor => ({
      name,
      datatype: "BYTES",
      shape,
      data,
    });
    assert.deepEqual(
      join("concat", [texts("a", ["a", "b"], [2, 1]), texts("b", ["c", "d"], [2, 1])], { axis: 1 }),
      texts("y", ["a", "c", "b", "d"], [2, 2]),
    );
  });

  it("joins as indices say, whatever the shapes", () => {
    const shapes = fc
      .tuple(
        fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
        fc.nat(2),
        fc.integer({ min: 1, max: 3 }),
      )
      .map(([shape, axis, other]) => ({ shape, axis: axis % shape.length, other }));
    fc.assert(
      fc.property(shapes, ({ shape, axis, other }) => {
        const second = shape.map((size, i) => (i === axis ? other : size));
        const numbers = (sizes: number[], from: number) =>
          Array.from({ length: sizes.reduce((x, y) => x * y, 1) }, (_, i) => from + i);
        const parts = [floats("a", numbers(shape, 0), shape), floats("b", numbers(second, 1000), second)];
        const joined = join("concat", parts, { axis });
        const at = ({ shape: sizes, data }: Tensor, index: number[]) =>
          (data as Float32Array)[index.reduce((sum, position, i) => sum * sizes[i]! + position, 0)];
        for (let flat = 0; flat < joined.data.length; flat++) {
          const index: number[] = [];
          let rest = flat;
          for (let i = joined.shape.length - 1; i >= 0; i--) {
            index[i] = rest % joined.shape[i]!;
            rest = Math.floor(rest / joined.shape[i]!);
          }
          const first = index[axis]! < shape[axis]!;
          const inner = index.map((position, i) =>
            i === axis && !first ? position - shape[axis]! : position,
          );
          assert.equal(at(joined, index), at(parts[first ? 0 : 1]!, inner));
        }
      }),
    );
  });

  const unfit: [string, PipelineCombine["by"], Tensor[]][] = [
    ["`a` [3] and `b` [2]", "mean", [a(), floats("b", [1, 2])]],
    ["`a` [3] and `b` [3, 1]", "max", [a(), floats("b", [1, 2, 3], [3, 1])]],
    ["`a` [1, 2] and `b` [1, 3]", "concat", [floats("a", [1, 2], [1, 2]), floats("b", [1, 2, 3], [1, 3])]],
    ["`a` [] and `a` []", "concat", [floats("a", [1], [])]],
  ];
  for (const [what, by, parts] of unfit) {
    it(`refuses ${what} by ${by}`, () => {
      assert.throws(() => join(by, parts), {
        code: "InvalidArgument",
        message: `The pipeline cannot combine ${what} for this request.`,
      });
    });
  }
});

describe("combinedSpec", () => {
  const given = (by: PipelineCombine["by"], parts: string[], axis?: number) =>
    combinedSpec("pipeline.combine[0]", { output: "y", of: [], by, axis }, parts.map(spec));

  it("keeps what is known of the sizes", () => {
    assert.deepEqual(given("mean", ["a: FP32 [-1, 3]", "b: FP32 [2, -1]"]), spec("y: FP32 [2, 3]"));
    assert.deepEqual(given("concat", ["a: FP32 [-1, 3]", "b: FP32 [2, 4]"], 1), spec("y: FP32 [2, 7]"));
    assert.deepEqual(given("concat", ["a: BYTES [-1, 3]", "b: BYTES [2, 3]"]), spec("y: BYTES [-1, 3]"));
    assert.deepEqual(given("max", ["a: INT8 []", "b: INT8 [2]"]), spec("y: INT8 [2]"));
  });

  const refused: [PipelineCombine["by"], string[], number | undefined, string][] = [
    ["mean", ["a: FP32 [2]", "b: FP64 [2]"], undefined, "cannot join `a` (FP32 [2]) and `b` (FP64 [2])."],
    [
      "mean",
      ["a: FP32 [2]", "b: FP32 [2, 1]"],
      undefined,
      "cannot join `a` (FP32 [2]) and `b` (FP32 [2, 1]).",
    ],
    [
      "sum",
      ["a: FP32 [-1]", "b: FP32 [2]", "c: FP32 [3]"],
      undefined,
      "cannot join `a` (FP32 [-1]) and `c` (FP32 [3]).",
    ],
    [
      "concat",
      ["a: FP32 [2, 3]", "b: FP32 [2, 4]"],
      0,
      "cannot join `a` (FP32 [2, 3]) and `b` (FP32 [2, 4]).",
    ],
  ];
  for (const [by, parts, axis, rest] of refused) {
    it(`refuses ${parts.join(", ")} by ${by}`, () =>
      assert.throws(() => given(by, parts, axis), { message: `\`pipeline.combine[0]\` ${rest}` }));
  }

  const types: [PipelineCombine["by"], string, number | undefined, Datatype | number, string][] = [
    [
      "mean",
      "a: INT64 [2]",
      undefined,
      "INT64",
      "`pipeline.combine[0].by` (mean) takes FP16, FP32 and FP64, but `a` is INT64.",
    ],
    [
      "max",
      "a: BYTES [2]",
      undefined,
      "BYTES",
      "`pipeline.combine[0].by` (max) takes numbers, but `a` is BYTES.",
    ],
    [
      "min",
      "a: BOOL [2]",
      undefined,
      "BOOL",
      "`pipeline.combine[0].by` (min) takes numbers, but `a` is BOOL.",
    ],
    [
      "concat",
      "a: FP32 [2]",
      1,
      1,
      "`pipeline.combine[0].axis` (1) must be < 1, the number of dimensions of `a`.",
    ],
  ];
  for (const [by, part, axis, what, message] of types) {
    it(`refuses ${what} by ${by}`, () => assert.throws(() => given(by, [part], axis), { message }));
  }
});

describe("requireCombine", () => {
  const refused: [Partial<PipelineCombine>, string][] = [
    [{ of: [] }, "`c.of` must name at least one tensor."],
    [{ axis: 1 }, '`c.axis` (1) is for `by` "concat" only, but it is "mean".'],
    [{ by: "concat", axis: -1 }, "`c.axis` (-1) must be a whole number >= 0."],
    [{ by: "max", weights: [1, 1] }, '`c.weights` is for `by` "mean" and "sum" only, but it is "max".'],
    [{ weights: [1] }, "`c.weights` has 1 numbers for 2 tensors in `c.of`."],
    [{ weights: [1, Infinity] }, "`c.weights` must hold finite numbers."],
    [{ weights: [1, -1] }, "`c.weights` add up to 0, but for a mean the sum must be > 0."],
  ];
  for (const [part, message] of refused) {
    it(`refuses ${JSON.stringify(part)}`, () =>
      assert.throws(() => requireCombine("c", { output: "y", of: ["a", "b"], ...part }), { message }));
  }
});
