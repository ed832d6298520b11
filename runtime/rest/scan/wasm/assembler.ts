/**
 * As much of WebAssembly's binary format as one function on one memory needs (https://webassembly.github.io/spec/core/binary): the
 * program is written out as it is run, with no compiler and no file beside the sources.
 */

/** Instructions: bytes, nested as expressions are. */
export type Code = readonly (number | Code)[];

const flat = (code: Code): number[] => code.flatMap((item) => (typeof item === "number" ? item : flat(item)));

/** Signed LEB128. */
function signed(value: bigint): number[] {
  const bytes: number[] = [];
  for (;;) {
    const low = Number(value & 0x7fn);
    value >>= 7n;
    const isLast = value === 0n ? low < 0x40 : value === -1n && low >= 0x40;
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}

/** Unsigned LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  do {
    bytes.push(value > 0x7f ? (value & 0x7f) | 0x80 : value);
    value >>>= 7;
  } while (value > 0);
  return bytes;
}

const binary =
  (opcode: number) =>
  (a: Code, b: Code): Code => [a, b, opcode];
const unary =
  (opcode: number) =>
  (a: Code): Code => [a, opcode];
/** Addresses need not be aligned: the hint is 1 byte. */
const load =
  (opcode: number) =>
  (address: Code, offset = 0): Code => [address, opcode, 0, unsigned(offset)];
const store =
  (opcode: number) =>
  (address: Code, value: Code, offset = 0): Code => [address, value, opcode, 0, unsigned(offset)];

export const i32 = {
  type: 0x7f,
  const: (value: number): Code => [0x41, signed(BigInt(value))],
  load8: load(0x2d),
  store: store(0x36),
  not: unary(0x45),
  eq: binary(0x46),
  lessUnsigned: binary(0x49),
  greater: binary(0x4a),
  greaterUnsigned: binary(0x4b),
  add: binary(0x6a),
  sub: binary(0x6b),
  mul: binary(0x6c),
  and: binary(0x71),
  or: binary(0x72),
  shl: binary(0x74),
  shrUnsigned: binary(0x76),
  wrap: unary(0xa7),
} as const;

export const i64 = {
  type: 0x7e,
  const: (value: bigint): Code => [0x42, signed(BigInt.asIntN(64, value))],
  load: load(0x29),
  lessUnsigned: binary(0x54),
  greaterUnsigned: binary(0x56),
  countTrailingZeros: unary(0x7a),
  add: binary(0x7c),
  mul: binary(0x7e),
  and: binary(0x83),
  or: binary(0x84),
  xor: binary(0x85),
  shl: binary(0x86),
  shrUnsigned: binary(0x88),
  extend: unary(0xad),
} as const;

export const f64 = {
  type: 0x7c,
  const: (value: number): Code => [0x44, ...new Uint8Array(Float64Array.of(value).buffer)],
  load: load(0x2b),
  store: store(0x39),
  greater: binary(0x64),
  mul: binary(0xa2),
  div: binary(0xa3),
  copysign: binary(0xa6),
  /** Of an unsigned i64. */
  convert: unary(0xba),
  /** Of a signed i32. */
  convertSigned: unary(0xb7),
  promote: unary(0xbb),
} as const;

export const f32 = {
  store: store(0x38),
  notEqual: binary(0x5c),
  demote: unary(0xb6),
} as const;

const EMPTY = 0x40;
const END = 0x0b;

export const block = (...body: Code[]): Code => [0x02, EMPTY, body, END];
export const loop = (...body: Code[]): Code => [0x03, EMPTY, body, END];
export const when = (condition: Code, then: Code[], otherwise: Code[] = []): Code => [
  condition,
  0x04,
  EMPTY,
  then,
  0x05,
  otherwise,
  END,
];
/** Leaves so many blocks around this one, or goes on with a loop's next round. */
export const leave = (depth: number): Code => [0x0c, depth];
export const leaveIf = (condition: Code, depth: number): Code => [condition, 0x0d, depth];
export const give = (value: Code): Code => [value, 0x0f];

export interface Local {
  readonly get: Code;
  readonly set: (value: Code) => Code;
}

/** The parameters and variables of a function, numbered as they are asked for: parameters first. */
export class Locals {
  readonly types: number[] = [];

  local({ type }: { readonly type: number }): Local {
    const index = unsigned(this.types.push(type) - 1);
    return { get: [0x20, index], set: (value) => [value, 0x21, index] };
  }
}

const section = (id: number, content: Code): Code => {
  const bytes = flat(content);
  return [id, unsigned(bytes.length), bytes];
};
const text = (value: string): Code => [unsigned(value.length), ...Buffer.from(value)];

/**
 * A module with `memory` of so many pages of 64 KiB and one function, both exported by these names.
 * @param parameters how many of the locals are parameters, all i32, as is the result
 */
export function moduleOf(
  name: string,
  pages: number,
  parameters: number,
  locals: Locals,
  body: Code,
): Uint8Array {
  const own = locals.types.slice(parameters).map((type) => [1, type]);
  const code = flat([unsigned(own.length), own, body, END]);
  return Uint8Array.from(
    flat([
      [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      section(1, [1, 0x60, parameters, locals.types.slice(0, parameters), 1, i32.type]),
      section(3, [1, 0]),
      section(5, [1, 0x01, unsigned(pages), unsigned(pages)]),
      section(7, [2, text("memory"), 0x02, 0, text(name), 0x00, 0]),
      section(10, [1, unsigned(code.length), code]),
    ]),
  );
}
