import assert from "node:assert/strict";
import fc from "fast-check";
import { scanInferRequest } from "../../../runtime/rest/scan/scan-request";
import { LIMITS, tensorBody } from "./support/bodies";
import { binaryBody, jsonBody } from "./support/body-arbitraries";
import { assertSameRequest } from "./support/same-request";

/** Seconds; each property takes a share of them. More is for a night. */
const SECONDS = Number(process.env.SLIPWAY_FUZZ_SECONDS ?? 1.5);
const limits = { interruptAfterTimeLimit: SECONDS * 500, markInterruptAsFailure: false, numRuns: 10_000_000 };

const scan = (json: string) =>
  scanInferRequest({ bytes: Buffer.from(json), jsonLength: Buffer.byteLength(json) }, LIMITS);

describe("scanInferRequest", () => {
  it("takes what clients send, with the same result as the exact parser", () => {
    const usual = [
      tensorBody("FP32", "[2]", "[0.1,-2.5e-3]"),
      tensorBody("FP32", "[1, 2]", "[[0.10000000149011612, -0.0]]"),
      tensorBody("FP32", "[2]", "[ 1 , 2 ]"),
      tensorBody("FP64", "[2]", "[0.1,1e300]"),
      tensorBody("FP16", "[2]", "[0.1,65519.999]"),
      tensorBody("INT64", "[3]", "[-9223372036854775808,9223372036854775807,12]"),
      tensorBody("UINT64", "[1]", "[18446744073709551615]"),
      tensorBody("INT8", "[2,1]", "[[-128],[127]]"),
      tensorBody("BOOL", "[4]", "[true,false,1,0]"),
      tensorBody("BYTES", "[2]", '["a","grüße 🙂"]'),
      '{"id":"a","inputs":[{"data":[1],"shape":[1],"datatype":"FP32","name":"x"}],"outputs":[{"name":"y"}]}',
      '{"inputs":[{"name":"x","shape":[1],"datatype":"INT32","parameters":{},"data":[1]}]}\n',
    ];
    for (const body of usual) assert.ok(assertSameRequest(Buffer.from(body)), body);
  });

  const left: [string, string][] = [
    ["escapes in a name", '{"inputs":[{"name":"\\u0078","datatype":"FP32","shape":[1],"data":[1]}]}'],
    ["a key twice", '{"inputs":[{"name":"x","name":"y","datatype":"FP32","shape":[1],"data":[1]}]}'],
    [
      "parameters to echo",
      '{"parameters":{"p":1},"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1]}]}',
    ],
    ["an unknown key", '{"more":1,"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1]}]}'],
    ["a scalar", tensorBody("FP32", "[]", "1")],
    ["a leading zero", tensorBody("FP32", "[1]", "[01]")],
    ["a point without digits", tensorBody("FP32", "[1]", "[1.]")],
    ["a plus", tensorBody("FP32", "[1]", "[+1]")],
    ["an exponent without digits", tensorBody("FP32", "[1]", "[1e]")],
    ["too large a number", tensorBody("FP32", "[1]", "[3.5e38]")],
    ["too many elements", tensorBody("FP32", "[1]", "[1,2]")],
    ["a comma at the end", tensorBody("FP32", "[1]", "[1,]")],
    ["a control character after the end", `${tensorBody("FP32", "[1]", "[1]")}\0`],
    ["a control character between elements", tensorBody("FP32", "[2]", "[1,\0 2]")],
    ["something after the end", `${tensorBody("FP32", "[1]", "[1]")}}`],
    ["nothing", ""],
  ];
  for (const [what, body] of left) {
    it(`leaves ${what} to the exact parser`, () => assert.equal(scan(body), undefined));
  }

  it("leaves nested data to it that is deeper than allowed", () => {
    const body = tensorBody("FP32", `[${Array(30).fill(1)}]`, `${"[".repeat(30)}1${"]".repeat(30)}`);
    assert.equal(scan(body), undefined);
    assert.equal(assertSameRequest(Buffer.from(body)), false);
  });

  it("allocates nothing that a shape declares before its data is there", () => {
    const body = tensorBody("INT64", "[67108864]", "[1]");
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 20; i++) assert.equal(scan(body), undefined);
    assert.ok(process.memoryUsage().arrayBuffers - before < 64 * 1024 * 1024);
  });

  it("takes of any JSON body what the exact parser takes, with the same result", () => {
    let taken = 0;
    fc.assert(
      fc.property(jsonBody, (json) => {
        if (assertSameRequest(Buffer.from(json))) taken++;
      }),
      limits,
    );
    assert.ok(taken > 0);
  });

  it("takes of tensors as bytes what the exact parser takes, with the same result", () => {
    let taken = 0;
    fc.assert(
      fc.property(binaryBody, ({ bytes, jsonLength }) => {
        if (assertSameRequest(bytes, jsonLength)) taken++;
      }),
      limits,
    );
    assert.ok(taken > 0);
  });

  it("takes the same JSON again with other values, and leaves it to the exact parser with too few or too many", () => {
    fc.assert(
      fc.property(
        binaryBody,
        fc.uint8Array({ minLength: 1, maxLength: 8 }),
        ({ bytes, jsonLength }, noise) => {
          const taken = assertSameRequest(bytes, jsonLength);
          const json = bytes.subarray(0, jsonLength);
          const values = bytes.subarray(jsonLength);
          const others = values.map((byte, i) => byte ^ noise[i % noise.length]!);
          assertSameRequest(Buffer.concat([json, others]), jsonLength);
          for (const tail of [values.subarray(1), Buffer.concat([values, noise])]) {
            const isTaken = assertSameRequest(Buffer.concat([json, tail]), jsonLength);
            assert.ok(!isTaken || !taken || values.length === 0);
          }
        },
      ),
      limits,
    );
  });

  describe("where the JSON was read before", () => {
    const body = (name: string, shape: number[], bytes: Buffer) => {
      const input = { name, datatype: "UINT8", shape, parameters: { binary_data_size: 2 } };
      const json = Buffer.from(JSON.stringify({ inputs: [input] }));
      return { bytes: Buffer.concat([json, bytes]), jsonLength: json.length };
    };
    const valuesOf = (request: ReturnType<typeof scanInferRequest>) =>
      request?.inputs.map(({ name, shape, data }) => [name, shape, [...(data as Uint8Array)]]);

    it("gives each request values of its own", () => {
      const first = scanInferRequest(body("x", [2], Buffer.from([1, 2])), LIMITS);
      const second = scanInferRequest(body("x", [2], Buffer.from([3, 4])), LIMITS);
      assert.deepEqual(valuesOf(first), [["x", [2], [1, 2]]]);
      assert.deepEqual(valuesOf(second), [["x", [2], [3, 4]]]);
    });

    it("tells JSON of the same length apart", () => {
      const bytes = Buffer.from([1, 2]);
      for (const name of ["x", "y", "x"]) {
        assert.deepEqual(valuesOf(scanInferRequest(body(name, [2], bytes), LIMITS)), [[name, [2], [1, 2]]]);
      }
    });

    it("holds it against the limits of each server", () => {
      const request = body("x", [2], Buffer.from([1, 2]));
      assert.ok(scanInferRequest(request, LIMITS));
      assert.equal(scanInferRequest(request, { ...LIMITS, maxTensorElements: 1 }), undefined);
    });

    const opening = '{"inputs":[{"name":"x","datatype":"FP32","shape":[2],"data":';
    const second = '{"name":"y","datatype":"INT8","shape":[1],"data":[7]}';
    for (const [rest, taken] of [
      ["[1,2]}]}", true],
      ["[3.5,-4e-3]}]} ", true],
      ["[[1],[2]]}]}", false],
      ["[1]}]}", false],
      ["[1,2,3]}]}", false],
      ["}]}", false],
      ["", false],
      ["[1,2]", false],
      ['[1,2],"name":"y"}]}', false],
      ['[1,2],"shape":[2]}]}', false],
      ['[1,2],"data":[1,2]}]}', false],
      ['[1,2],"parameters":{}}]}', true],
      ['[1,2],"parameters":{"binary_data_size":8}}]}', false],
      [`[1,2]},${second}],"id":"q","outputs":[{"name":"z"}]}`, true],
      [`[1,2]}],"inputs":[${second}]}`, false],
    ] as const) {
      it(`${taken ? "takes" : "leaves"} what goes on with ${rest || "nothing"}`, () => {
        assert.ok(assertSameRequest(Buffer.from(`${opening}[1,2]}]}`)));
        const bytes = Buffer.from(opening + rest);
        assert.equal(assertSameRequest(bytes), taken);
        // Limits of another server: to it nothing is known.
        const anew = scanInferRequest({ bytes, jsonLength: bytes.length }, { ...LIMITS });
        assert.equal(anew !== undefined, taken);
      });
    }

    it("takes JSON of any length, however many lengths there were", () => {
      for (let length = 1; length <= 2000; length++) {
        const name = "x".repeat(length);
        const request = body(name, [2], Buffer.from([1, 2]));
        for (let i = 0; i < 2; i++) {
          assert.deepEqual(valuesOf(scanInferRequest(request, LIMITS)), [[name, [2], [1, 2]]]);
        }
      }
    });
  });
});
