import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Datatype, TensorData } from "../../../runtime/dataplane/datatypes";
import { tensorRecord } from "../../../runtime/payload-log/payload-entry";
import { Redaction, type RedactionOptions } from "../../../runtime/payload-log/redaction";

const redaction = (change: Partial<RedactionOptions> = {}) =>
  new Redaction({ redact: [], maxElements: 3, text: true, ...change });
const open = redaction();
const tensor = (datatype: Datatype, data: TensorData, name = "x") => ({
  name,
  datatype,
  shape: [data.length],
  data,
});
const sha256 = (data: Uint8Array | Buffer) => createHash("sha256").update(data).digest("hex");

describe("tensorRecord", () => {
  const shown: [Datatype, TensorData, unknown[]][] = [
    ["FP32", Float32Array.of(1.5, NaN, -Infinity, 4), [1.5, "NaN", "-Infinity"]],
    ["FP16", Uint16Array.of(0x3e00, 0x7c00), [1.5, "Infinity"]],
    ["INT64", BigInt64Array.of(9223372036854775807n), ["9223372036854775807"]],
    ["BOOL", Uint8Array.of(0, 1), [false, true]],
    ["UINT8", Uint8Array.of(0, 1), [0, 1]],
    ["BYTES", ["grüße", "y".repeat(300)], ["grüße", `${"y".repeat(256)}…`]],
  ];
  for (const [datatype, data, values] of shown) {
    it(`keeps the first values of ${datatype}`, () =>
      assert.deepEqual(tensorRecord(tensor(datatype, data), open).values, values));
  }

  it("keeps the digest of all values, not only of those shown", () => {
    const data = Float32Array.of(1, 2, 3, 4, 5);
    assert.deepEqual(tensorRecord(tensor("FP32", data), open), {
      name: "x",
      datatype: "FP32",
      shape: [5],
      values: [1, 2, 3],
      sha256: sha256(new Uint8Array(data.buffer)),
    });
  });

  it("tells lists of texts apart that join to the same", () => {
    const digest = (texts: string[]) => tensorRecord(tensor("BYTES", texts), open).sha256;
    assert.notEqual(digest(["ab", "c"]), digest(["a", "bc"]));
    assert.equal(digest(["a"]), sha256(Buffer.from([1, 0, 0, 0, 97])));
  });

  it("does not hash what would take long", () => {
    const record = tensorRecord(tensor("FP64", new Float64Array(131_073)), open);
    assert.equal(record.sha256, undefined);
    assert.deepEqual(record.values, [0, 0, 0]);
  });

  const redacted: [string, Datatype, TensorData, Partial<RedactionOptions>][] = [
    ["a tensor by its name", "FP32", Float32Array.of(1), { redact: ["y", "x"] }],
    ["every tensor", "FP32", Float32Array.of(1), { redact: ["*"] }],
    ["BYTES unless they are allowed", "BYTES", ["secret"], { text: false }],
  ];
  for (const [what, datatype, data, change] of redacted) {
    // Neither values nor a digest, from which a value of few possible ones could be told.
    it(`redacts ${what}`, () =>
      assert.deepEqual(tensorRecord(tensor(datatype, data), redaction(change)), {
        name: "x",
        datatype,
        shape: [1],
        redacted: true,
      }));
  }

  it("redacts single elements of the last dimension, and the digest that would tell them", () => {
    const rows = { ...tensor("FP32", Float32Array.of(1, 2, 3, 4, 5, 6)), shape: [2, 3] };
    const hidden = redaction({ redact: ["x[0]", "x[2]", "y[1]"], maxElements: 5 });
    assert.deepEqual(tensorRecord(rows, hidden), {
      name: "x",
      datatype: "FP32",
      shape: [2, 3],
      values: [null, 2, null, null, 5],
    });
    const other = { ...rows, name: "z" };
    assert.deepEqual(tensorRecord(other, hidden).values, [1, 2, 3, 4, 5]);
  });

  it("redacts the whole of a tensor whose name looks like an element", () => {
    const named = tensor("FP32", Float32Array.of(7), "x[0]");
    assert.equal(tensorRecord(named, redaction({ redact: ["x[0]"] })).redacted, true);
  });
});
