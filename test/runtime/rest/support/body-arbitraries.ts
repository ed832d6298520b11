import fc from "fast-check";
import { DATATYPES, type Datatype } from "../../../../runtime/dataplane/datatypes";

/** The first of two arbitraries, and now and then the second. */
function mostly<T>(usual: fc.Arbitrary<T>, unusual: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 20, arbitrary: usual }, { weight: 1, arbitrary: unusual });
}

/** Numbers as clients write them, and as only somebody who looks for mistakes does. */
const digits = (min: number, max: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: min, maxLength: max }).map((all) => all.join(""));
const whole = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 300 }).map(String) },
  fc.maxSafeNat().map(String),
  fc.bigInt({ min: 0n, max: 2n ** 65n }).map(String),
  mostly(fc.constant("0"), digits(1, 25)),
);
const written = fc
  .tuple(
    fc.constantFrom("", "", "-"),
    whole,
    fc.oneof(
      fc.constant(""),
      digits(1, 24).map((text) => `.${text}`),
    ),
    fc.oneof(
      { weight: 4, arbitrary: fc.constant("") },
      fc.tuple(fc.constantFrom("e", "E", "e-", "e+"), digits(1, 4)).map(([e, text]) => e + text),
    ),
  )
  .map((parts) => parts.join(""));
const float = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.float({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => value.toPrecision(9)),
  fc.float({ noNaN: true, noDefaultInfinity: true, min: -4, max: 4 }).map((value) => value.toFixed(20)),
  fc.constantFrom(
    "-0",
    "0",
    "-0.0",
    "0e0",
    "1e-45",
    "7.0064923216240854e-46",
    "3.4028235677973366e38",
    "16777217",
  ),
  // Halfway between two float32 numbers, and a little beside it.
  fc
    .tuple(fc.float({ noNaN: true, noDefaultInfinity: true, min: 1, max: 2 }), fc.constantFrom(-1, 0, 1))
    .map(([value, step]) => String(value + 2 ** -24 + step * 2 ** -52)),
  mostly(fc.constant("0.5"), written),
);

const space = fc.constantFrom("", "", "", " ", "\n", "\t ", "\r\n  ");

function element(datatype: Datatype): fc.Arbitrary<string> {
  switch (datatype) {
    case "FP16":
    case "FP32":
    case "FP64":
      return float;
    case "BOOL":
      return mostly(fc.constantFrom("true", "false", "0", "1"), fc.constantFrom("2", "tru", "1.0", "null"));
    case "BYTES":
      return mostly(
        fc.string({ unit: fc.constantFrom("a", "Z", " ", "]", "}", "ü", "🙂") }).map((text) => `"${text}"`),
        fc.oneof(
          fc.string().map((text) => JSON.stringify(text)),
          fc.constantFrom('"\\u0041"', '"\\n"', '"', "1"),
        ),
      );
    default:
      return mostly(
        fc.integer({ min: -2, max: 127 }).map(String),
        fc.oneof(fc.integer({ max: 2 ** 33 }).map(String), written),
      );
  }
}

const datatype = fc.constantFrom(...(Object.keys(DATATYPES) as Datatype[]));

/** Elements as flat array, or nested as a shape says. */
function arrays(elements: readonly string[], shape: readonly number[], gap: string): string {
  const [size, ...rest] = shape;
  if (size === undefined) return elements[0] ?? "";
  const each = elements.length / size;
  const parts = Array.from({ length: size }, (_, i) =>
    arrays(elements.slice(Math.round(i * each), Math.round((i + 1) * each)), rest, gap),
  );
  return `[${gap}${parts.join(`${gap},${gap}`)}${gap}]`;
}

const input = fc
  .record({
    name: mostly(fc.constantFrom("x", "input_ids"), fc.constantFrom("a b", 'q"', "ü", "")),
    datatype,
    shape: mostly(
      fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
      fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 1 }),
    ),
    gap: space,
    nested: fc.boolean(),
    order: fc.shuffledSubarray(["name", "datatype", "shape", "data"], { minLength: 4 }),
    off: mostly(fc.constant(0), fc.constantFrom(1, -1)),
  })
  .chain(({ name, datatype: type, shape, gap, nested, order, off }) => {
    const count = Math.max(0, shape.reduce((product, size) => product * size, 1) + off);
    return fc.array(element(type), { minLength: count, maxLength: count }).map((elements) => {
      const data = nested && off === 0 ? arrays(elements, shape, gap) : `[${elements.join(`${gap},${gap}`)}]`;
      const fields: Record<string, string> = {
        name: JSON.stringify(name),
        datatype: `"${type}"`,
        shape: JSON.stringify(shape),
        data,
      };
      return `{${order.map((key) => `"${key}"${gap}:${gap}${fields[key]!}`).join(`${gap},`)}${gap}}`;
    });
  });

const more = mostly(
  fc.constant(""),
  fc.constantFrom(
    ',"id":"7"',
    ',"id":"\\u0037"',
    ',"outputs":[{"name":"y"}]',
    ',"outputs":[{"name":"y","parameters":{"binary_data":true}},{"name":"z","parameters":{"binary_data":false}}]',
    ',"outputs":[]',
    ',"parameters":{"binary_data_output":true}',
    ',"parameters":{"p":[1]}',
    ',"parameters":{}',
    ',"model_name":"m"',
    ',"unknown":{"a":1}',
    ',"inputs":[]',
  ),
);

/** JSON bodies of inference requests, most of them valid. */
export const jsonBody = fc
  .tuple(fc.array(input, { minLength: 1, maxLength: 3 }), more, space)
  .map(([inputs, rest, gap]) => `${gap}{${gap}"inputs":[${inputs.join(`${gap},`)}]${rest}}${gap}`);

/** Bodies whose tensors follow the JSON. */
export const binaryBody = fc
  .array(
    fc.record({
      datatype,
      count: fc.integer({ min: 1, max: 4 }),
      bytes: fc.uint8Array({ maxLength: 40 }),
      said: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, -1, 2 ** 40),
      fit: fc.boolean(),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((tensors) => {
    const tails = tensors.map(({ datatype: type, count, bytes, fit }) => {
      const size = DATATYPES[type].array?.BYTES_PER_ELEMENT;
      if (!fit) return Buffer.from(bytes);
      if (size !== undefined) return Buffer.alloc(size * count, bytes[0] === undefined ? 1 : bytes[0] % 3);
      return Buffer.concat(Array.from({ length: count }, () => Buffer.from([1, 0, 0, 0, bytes[0] ?? 65])));
    });
    const inputs = tensors.map(({ datatype: type, count, said }, i) => ({
      name: `x${i}`,
      datatype: type,
      shape: [count],
      parameters: { binary_data_size: tails[i]!.length + said },
    }));
    const json = Buffer.from(JSON.stringify({ inputs }));
    return { bytes: Buffer.concat([json, ...tails]), jsonLength: json.length };
  });
