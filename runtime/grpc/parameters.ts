import { invalid } from "../errors";
import { Malformed } from "./wire/malformed";
import { FIXED64, LENGTH, VARINT, WireReader } from "./wire/wire-reader";

/** What a parameter can hold; a bigint where the number has more digits than JavaScript's. */
export type ParameterValue = boolean | number | bigint | string;

export type ParameterValues = Readonly<Record<string, ParameterValue>>;

const tag = (field: number, wireType: number) => (field << 3) | wireType;

/**
 * Plain values of a `map<string, InferParameter>`; of a key that comes twice the last counts, as in every map of
 * protobuf. Undefined where there are none.
 * @throws 400 where an entry is malformed
 */
export function parameterValues(entries: readonly Buffer[]): ParameterValues | undefined {
  if (entries.length === 0) return undefined;
  // No prototype: a parameter may be called `__proto__`.
  const values = Object.create(null) as Record<string, ParameterValue>;
  try {
    for (const entry of entries) {
      const [key, value] = readEntry(new WireReader(entry));
      if (value !== undefined) values[key] = value;
    }
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw invalid(
      `An entry of \`parameters\` is not a valid \`inference.InferParameter\`: ${error.message}.`,
    );
  }
  return values;
}

function readEntry(reader: WireReader): [string, ParameterValue | undefined] {
  let key = "";
  let value: ParameterValue | undefined;
  while (reader.more) {
    const next = reader.tag();
    if (next === tag(1, LENGTH)) key = reader.text();
    else if (next === tag(2, LENGTH)) {
      const outer = reader.enter();
      while (reader.more) value = readChoice(reader, value);
      reader.leave(outer);
    } else reader.skip(next);
  }
  return [key, value];
}

/** One field of InferParameter; they are a oneof, of which the last counts. */
function readChoice(reader: WireReader, before: ParameterValue | undefined): ParameterValue | undefined {
  const next = reader.tag();
  switch (next) {
    case tag(1, VARINT):
      reader.varint();
      return (reader.low | reader.high) !== 0;
    case tag(2, VARINT):
      reader.varint();
      return integer((BigInt(reader.high) << 32n) | BigInt(reader.low >>> 0));
    case tag(3, LENGTH):
      return reader.text();
    case tag(4, FIXED64): {
      const at = reader.at;
      reader.skip(next);
      return reader.bytes.readDoubleLE(at);
    }
    case tag(5, VARINT):
      reader.varint();
      return integer((BigInt(reader.high >>> 0) << 32n) | BigInt(reader.low >>> 0));
    default:
      reader.skip(next);
      return before;
  }
}

function integer(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** An encoded map entry of a boolean, for parameters that the server adds. */
export function booleanEntry(key: string, value: boolean): Buffer {
  const name = Buffer.from(key);
  return Buffer.concat([Buffer.of(0x0a, name.length), name, Buffer.of(0x12, 2, 0x08, value ? 1 : 0)]);
}
