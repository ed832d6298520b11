import fc from "fast-check";

/** Bytes that parsers trip over: structure, numbers at the edges, names with a meaning in JavaScript, line ends of HTTP. */
const TRIPWIRES = [
  ...[
    '"',
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "\\",
    "\\u0000",
    "\u0000",
    "null",
    "NaN",
    "-0",
    "1e999",
    "9".repeat(40),
  ],
  ...[
    '"__proto__":{"inputs":1},',
    '"constructor":1,',
    '"shape":[0],',
    '"shape":[-1],',
    '"binary_data_size":1e9,',
  ],
  ...[
    "\r\n",
    "\r\n\r\n",
    "\n",
    " ",
    "Content-Length: 5\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Expect: 100-continue\r\n",
  ],
  ...[
    "Inference-Header-Content-Length: 9999\r\n",
    "Content-Encoding: gzip\r\n",
    "%00",
    "%2e%2e%2f",
    "\ud83d",
  ],
].map((text) => Buffer.from(text));

const piece = fc.oneof(
  fc.constantFrom(...TRIPWIRES),
  fc.uint8Array({ minLength: 1, maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
);

/** One change of a text of bytes; `at` is a share of its length. */
const change = fc.record({
  kind: fc.constantFrom("insert", "replace", "remove", "repeat", "truncate" as const),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 1, max: 24 }),
  piece,
});

type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function apply(bytes: Buffer, { kind, at, length, piece: inserted }: Change): Buffer {
  const from = Math.floor(at * bytes.length);
  const [head, middle, tail] = [
    bytes.subarray(0, from),
    bytes.subarray(from, from + length),
    bytes.subarray(from + length),
  ];
  switch (kind) {
    case "insert":
      return Buffer.concat([head, inserted, middle, tail]);
    case "replace":
      return Buffer.concat([head, inserted, tail]);
    case "remove":
      return Buffer.concat([head, tail]);
    case "repeat":
      return Buffer.concat([head, middle, middle, tail]);
    case "truncate":
      return head;
  }
}

/** One of the seeds after a few changes. */
export function mutated(seeds: readonly Buffer[]): fc.Arbitrary<Buffer> {
  return fc
    .tuple(fc.constantFrom(...seeds), fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([seed, changes]) => changes.reduce(apply, seed));
}
