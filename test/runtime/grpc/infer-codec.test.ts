import assert from "node:assert/strict";
import fc from "fast-check";
import Long from "long";
import type { Reader, Writer } from "protobufjs";
import type { Datatype, TensorData } from "../../../runtime/dataplane/datatypes";
import { ServerError } from "../../../runtime/errors";
import { decodeInferRequest } from "../../../runtime/grpc/infer-request-message";
import {
  encodeInferResponse,
  encodeStreamError,
  encodeStreamResponse,
} from "../../../runtime/grpc/infer-response-message";
import { inputTensors } from "../../../runtime/grpc/input-tensors";
import { booleanEntry, parameterValues } from "../../../runtime/grpc/parameters";
import { inferenceType, protobufjs } from "../../../runtime/grpc/protos";
import { typedContents } from "../../../runtime/grpc/tensor-contents";
import { Malformed } from "../../../runtime/grpc/wire/malformed";
import { PREFIX_BYTES } from "../../../runtime/grpc/wire/wire-writer";

const request = inferenceType("ModelInferRequest");
const contents = inferenceType("InferTensorContents");

const encoded = (message: object) => Buffer.from(request.encode(request.fromObject(message)).finish());
const writerOf = (): Writer => protobufjs().Writer.create();
const bytesOf = (writer: Writer) => Buffer.from(writer.finish());

/** What protobufjs makes of the same bytes, with numbers for shapes. */
function reflected(bytes: Uint8Array) {
  const plain = request.toObject(request.decode(bytes), { longs: Number, defaults: true, arrays: true });
  return {
    modelName: plain.model_name as string,
    modelVersion: plain.model_version as string,
    id: plain.id as string,
    inputs: (plain.inputs as { name: string; datatype: string; shape: number[] }[]).map(
      ({ name, datatype, shape }) => ({ name, datatype, shape }),
    ),
    outputs: (plain.outputs as { name: string }[]).map(({ name }) => name),
    raw: (plain.raw_input_contents as Uint8Array[]).map((raw) => Buffer.from(raw).toString("hex")),
  };
}

function ours(bytes: Buffer) {
  const message = decodeInferRequest(bytes);
  return {
    modelName: message.modelName,
    modelVersion: message.modelVersion,
    id: message.id?.toString() ?? "",
    inputs: message.inputs.map(({ name, datatype, shape }) => ({ name, datatype, shape })),
    outputs: message.outputs.map(({ name }) => name),
    raw: message.raw.map((raw) => raw.toString("hex")),
  };
}

const text = fc.string({ unit: "grapheme", maxLength: 60 });
const messages = fc.record({
  model_name: text,
  model_version: text,
  id: text,
  inputs: fc.array(
    fc.record({
      name: text,
      datatype: fc.constantFrom("FP32", "INT64", "BYTES", "odd"),
      shape: fc.array(fc.maxSafeInteger(), { maxLength: 5 }),
    }),
    { maxLength: 3 },
  ),
  outputs: fc.array(fc.record({ name: text }), { maxLength: 3 }),
  raw_input_contents: fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 3 }),
});

describe("the codec of ModelInfer", () => {
  describe("decodeInferRequest", () => {
    it("reads what protobufjs reads", () => {
      fc.assert(
        fc.property(messages, (message) => {
          const bytes = encoded(message);
          assert.deepEqual(ours(bytes), reflected(bytes));
        }),
      );
    });

    it("reads arbitrary bytes or refuses them, and nothing else", () => {
      const mutated = fc
        .tuple(messages, fc.nat(), fc.integer({ min: 0, max: 255 }))
        .map(([message, at, byte]) => {
          const bytes = encoded(message);
          if (bytes.length > 0) bytes[at % bytes.length] = byte;
          return bytes;
        });
      const seen = { read: 0, refused: 0 };
      fc.assert(
        fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 40 }).map(Buffer.from)), (bytes) => {
          try {
            const message = decodeInferRequest(bytes);
            seen.read++;
            parameterValues(message.parameters);
            inputTensors(message);
          } catch (error) {
            assert.ok(error instanceof ServerError && error.code === "InvalidArgument", String(error));
            seen.refused++;
          }
        }),
        { numRuns: 1000 },
      );
      assert.ok(seen.read > 50 && seen.refused > 50, JSON.stringify(seen));
    });

    it("refuses every truncation that cuts a field", () => {
      const bytes = encoded({
        model_name: "m",
        inputs: [{ name: "x", datatype: "FP32", shape: [1, 300] }],
        raw_input_contents: [Buffer.alloc(40)],
      });
      let refused = 0;
      for (let length = 1; length < bytes.length; length++) {
        try {
          assert.deepEqual(ours(bytes.subarray(0, length)), reflected(bytes.subarray(0, length)));
        } catch (error) {
          assert.match(
            (error as ServerError).message,
            /^The message is not a valid `inference\.ModelInferRequest`: it ends within a (field|number)\.$/,
          );
          refused++;
        }
      }
      // Three ends of fields of the message itself are complete messages.
      assert.equal(refused, bytes.length - 1 - 2);
    });

    it("passes by unknown fields of every wire type, groups within groups too", () => {
      const writer = writerOf().uint32(10).string("m");
      writer.uint32(100 << 3).uint64(Long.MAX_UNSIGNED_VALUE);
      writer.uint32((101 << 3) | 1).fixed64(1);
      writer.uint32((102 << 3) | 2).string("skipped");
      writer.uint32((103 << 3) | 5).fixed32(1);
      writer.uint32((104 << 3) | 3).uint32((105 << 3) | 3);
      writer.uint32((105 << 3) | 4).uint32((104 << 3) | 4);
      writer.uint32(18).string("2");
      const message = decodeInferRequest(bytesOf(writer));
      assert.deepEqual([message.modelName, message.modelVersion], ["m", "2"]);
    });

    it("takes shapes that are not packed", () => {
      const input = writerOf().uint32(10).string("x").uint32(24).int64(3).uint32(24).int64(-1);
      const writer = writerOf().uint32(42).bytes(input.finish());
      assert.deepEqual(decodeInferRequest(bytesOf(writer)).inputs[0]!.shape, [3, -1]);
    });

    const broken: [string, Buffer, string][] = [
      ["field number 0", Buffer.of(0x00, 0x01), "a field's number is out of range"],
      ["a group without an end", Buffer.of(0xa3, 0x06), "it ends within a group"],
      [
        "a group that another one ends",
        Buffer.of(0xa3, 0x06, 0xac, 0x06),
        "a group ends with another one's number",
      ],
      ["a wire type that does not exist", Buffer.of(0x0f), "a field has an unknown wire type"],
      ["a number of eleven bytes", Buffer.alloc(12, 0xff).fill(0x50, 0, 1), "a number has more than 64 bits"],
      ["groups without end", Buffer.alloc(100_000, 0x5b), "its groups are nested too deeply"],
      ["a length beyond the end", Buffer.of(0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f), "it ends within a field"],
    ];
    for (const [what, bytes, reason] of broken) {
      it(`refuses ${what}`, () => {
        assert.throws(() => decodeInferRequest(bytes), {
          message: `The message is not a valid \`inference.ModelInferRequest\`: ${reason}.`,
        });
      });
    }

    it("bounds what empty entries cost", () => {
      const bytes = Buffer.alloc(2 * 10_001).fill(Buffer.of(0x2a, 0x00));
      assert.throws(() => decodeInferRequest(bytes), { message: "`inputs` has more than 10000 entries." });
    });

    it("keeps no more of a shape than shows that it is too long", () => {
      const input = encoded({ inputs: [{ name: "x", datatype: "FP32", shape: new Array(5000).fill(1) }] });
      assert.throws(() => inputTensors(decodeInferRequest(input)), {
        message: "Input `x` has 33 dimensions in `shape`, but at most 32 are taken.",
      });
    });
  });

  describe("typedContents", () => {
    const integers = (min: number, max: number) => fc.array(fc.integer({ min, max }), { maxLength: 20 });
    const big = (least: bigint, most: bigint) =>
      fc.array(fc.bigInt({ min: least, max: most }), { maxLength: 20 });
    const cases: [Datatype, string, fc.Arbitrary<unknown[]>, (values: never[]) => TensorData][] = [
      ["BOOL", "bool", fc.array(fc.boolean()), (values) => Uint8Array.from(values, Number)],
      ["INT8", "int32", integers(-128, 127), (values) => Int8Array.from(values)],
      ["INT16", "int32", integers(-32768, 32767), (values) => Int16Array.from(values)],
      ["INT32", "int32", integers(-2147483648, 2147483647), (values) => Int32Array.from(values)],
      ["INT64", "int64", big(-(2n ** 63n), 2n ** 63n - 1n), (values) => BigInt64Array.from(values)],
      ["UINT8", "uint32", integers(0, 255), (values) => Uint8Array.from(values)],
      ["UINT16", "uint32", integers(0, 65535), (values) => Uint16Array.from(values)],
      ["UINT32", "uint32", integers(0, 4294967295), (values) => Uint32Array.from(values)],
      ["UINT64", "uint64", big(0n, 2n ** 64n - 1n), (values) => BigUint64Array.from(values)],
      ["FP32", "float", fc.array(fc.float()), (values) => Float32Array.from(values)],
      ["FP64", "double", fc.array(fc.double()), (values) => Float64Array.from(values)],
      ["BYTES", "bytes", fc.array(text), (values) => values],
    ];
    const numbers: Record<string, number> = { BOOL: 1, INT64: 3, UINT64: 5, FP32: 6, FP64: 7, BYTES: 8 };
    const fieldOf = (datatype: Datatype) => numbers[datatype] ?? (datatype.startsWith("U") ? 4 : 2);
    const wireTypes: Record<string, number> = { float: 5, double: 1, bytes: 2 };
    const wireValue = (value: unknown) =>
      typeof value === "bigint"
        ? Long.fromString(String(value), value > 2n ** 63n - 1n)
        : typeof value === "string"
          ? Buffer.from(value)
          : value;
    type Write = (value: unknown) => Writer;

    for (const [datatype, type, values, expected] of cases) {
      it(`reads ${datatype}, packed, unpacked, and in parts`, () => {
        const field = fieldOf(datatype);
        fc.assert(
          fc.property(values, fc.nat({ max: 20 }), (elements, cut) => {
            const unpacked = (part: unknown[]) => {
              const writer = writerOf();
              for (const value of part) {
                writer.uint32((field << 3) | (wireTypes[type] ?? 0));
                (writer[type as keyof Writer] as Write).call(writer, wireValue(value));
              }
              return bytesOf(writer);
            };
            const packed = (part: unknown[]) => {
              if (type === "bytes") return unpacked(part);
              const inner = writerOf();
              for (const value of part) (inner[type as keyof Writer] as Write).call(inner, wireValue(value));
              return bytesOf(
                writerOf()
                  .uint32((field << 3) | 2)
                  .bytes(inner.finish()),
              );
            };
            const parts = [packed(elements.slice(0, cut)), unpacked(elements.slice(cut))];
            const whole = Buffer.concat(parts);
            const want = expected(elements as never[]);
            assert.deepEqual(typedContents("x", datatype, elements.length, parts), want);
            assert.deepEqual(typedContents("x", datatype, elements.length, [whole]), want);
            // protobufjs agrees that those bytes are these elements.
            const [name] = Object.entries(contents.fields).find(([, { id }]) => id === field)!;
            const reflectedCount = (contents.decode(whole) as unknown as Record<string, unknown[]>)[name]!
              .length;
            assert.equal(reflectedCount, elements.length);
          }),
        );
      });
    }

    it("refuses an integer of 64 bits whose lower half would fit", () => {
      const bytes = bytesOf(
        writerOf()
          .uint32((2 << 3) | 0)
          .int64(Long.fromString("4294967301")),
      );
      assert.throws(() => typedContents("x", "INT32", 1, [bytes]), {
        message: "Input `x` holds 4294967301, which is not a INT32 value.",
      });
    });

    it("allocates nothing for elements that are not there", () => {
      assert.throws(() => typedContents("x", "FP64", 2 ** 52, []), {
        message: `Input \`x\` has 0 elements in \`fp64_contents\`, but its shape needs ${2 ** 52}.`,
      });
    });

    it("refuses packed floats that end within one", () => {
      const bytes = Buffer.of((6 << 3) | 2, 3, 0, 0, 0);
      assert.throws(() => typedContents("x", "FP32", 1, [bytes]), Malformed);
    });
  });

  describe("parameterValues", () => {
    it("gives plain values, a bigint only where it must be, and the last of a key that comes twice", () => {
      const message = decodeInferRequest(
        encoded({
          parameters: {
            flag: { bool_param: true },
            small: { int64_param: -5 },
            large: { int64_param: Long.MIN_VALUE },
            text: { string_param: "ü" },
            real: { double_param: 0.1 },
            huge: { uint64_param: Long.MAX_UNSIGNED_VALUE },
          },
        }),
      );
      message.parameters.push(booleanEntry("flag", false), booleanEntry("__proto__", true));
      const values = parameterValues(message.parameters)!;
      assert.deepEqual(
        { ...values },
        JSON.parse('{"flag":0,"small":0,"large":0,"text":0,"real":0,"huge":0,"__proto__":0}', (key, value) =>
          key === ""
            ? (value as object)
            : {
                flag: false,
                small: -5,
                large: -(2n ** 63n),
                text: "ü",
                real: 0.1,
                huge: 2n ** 64n - 1n,
                ["__proto__"]: true,
              }[key],
        ),
      );
      assert.equal(Object.getPrototypeOf(values), null);
      assert.equal(parameterValues([]), undefined);
    });

    it("refuses a malformed entry", () => {
      assert.throws(() => parameterValues([Buffer.of(0x0a, 9)]), {
        message:
          "An entry of `parameters` is not a valid `inference.InferParameter`: it ends within a field.",
      });
    });
  });

  describe("encodeInferResponse", () => {
    const answers = fc.record({
      model: text,
      version: text,
      id: fc.option(text.filter((id) => id !== "").map(Buffer.from), { nil: undefined }),
      tensors: fc.array(
        fc.record({
          name: fc.oneof(text, fc.string({ minLength: 120, maxLength: 20_000 })),
          shape: fc.array(fc.nat({ max: Number.MAX_SAFE_INTEGER }), { maxLength: 4 }),
          data: fc.oneof(fc.float32Array({ maxLength: 300 }), fc.array(text, { maxLength: 5 })),
        }),
        { maxLength: 3 },
      ),
    });
    const message = (frame: Buffer) => {
      assert.equal(frame[0], 0);
      assert.equal(frame.readUInt32BE(1), frame.length - PREFIX_BYTES);
      return frame.subarray(PREFIX_BYTES);
    };
    type Plain = Record<string, unknown> & { raw_output_contents?: Uint8Array[] };
    const plain = (type: string, frame: Buffer): Plain =>
      inferenceType(type).toObject(inferenceType(type).decode(message(frame)), { longs: Number });

    it("writes what protobufjs reads, alone and in a stream", () => {
      fc.assert(
        fc.property(answers, ({ model, version, id, tensors }) => {
          const outputs = tensors.map((tensor) => ({
            ...tensor,
            datatype: Array.isArray(tensor.data) ? ("BYTES" as const) : ("FP32" as const),
          }));
          const answer = { model, version, id, parameters: [booleanEntry("p", true)] };
          const alone = plain("ModelInferResponse", encodeInferResponse(answer, outputs));
          assert.equal(alone.model_name ?? "", model);
          assert.equal(alone.model_version ?? "", version);
          assert.equal(alone.id ?? "", id?.toString() ?? "");
          assert.deepEqual(alone.parameters, { p: { bool_param: true } });
          const heads = outputs.map(({ name, datatype, shape }) => ({ name, datatype, shape }));
          assert.deepEqual(
            ((alone.outputs ?? []) as { name?: string; shape?: number[] }[]).map((output) => ({
              ...output,
              name: output.name ?? "",
              shape: output.shape ?? [],
            })),
            heads,
          );
          const raw = alone.raw_output_contents ?? [];
          outputs.forEach(({ data }, i) => assert.deepEqual(decodeRaw(raw[i]!, data), data));
          const streamed = plain("ModelStreamInferResponse", encodeStreamResponse(answer, outputs));
          assert.deepEqual(streamed, { infer_response: alone });
        }),
      );
    });

    it("says which request of a stream was refused", () => {
      assert.deepEqual(plain("ModelStreamInferResponse", encodeStreamError("No.", Buffer.from("7"))), {
        error_message: "No.",
        infer_response: { id: "7" },
      });
    });
  });
});

/** The elements of a raw tensor, in the form of the given ones. */
function decodeRaw(bytes: Uint8Array, like: TensorData): TensorData {
  if (!Array.isArray(like)) return new Float32Array(Uint8Array.from(bytes).buffer);
  const reader: Reader = protobufjs().Reader.create(bytes);
  const texts: string[] = [];
  while (reader.pos < reader.len) {
    const length = reader.fixed32();
    texts.push(Buffer.from(bytes.subarray(reader.pos, reader.pos + length)).toString());
    reader.skip(length);
  }
  return texts;
}
