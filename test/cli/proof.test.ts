import assert from "node:assert/strict";
import { randomInputs } from "../../cli/up/proof-inputs";
import { compare } from "../../cli/up/proof";

const output = (data: number[], shape = [data.length], name = "y") => ({ name, shape, data });

describe("proof", () => {
  describe("compare", () => {
    it("gives the largest difference", () => {
      assert.equal(compare("m", [output([1, 2.000001])], [output([1, 2])]).toFixed(7), "0.0000010");
    });

    for (const [name, actual, message] of [
      [
        "a number that is off",
        [output([1, 2.1])],
        "m: output `y`[1] is 2.1 through the gateway and 2 directly",
      ],
      ["a missing number", [output([1, NaN])], "m: output `y`[1] is NaN through the gateway and 2 directly"],
      ["a missing output", [], "m: the gateway's answer lacks output `y`"],
      ["another shape", [output([1, 2], [1, 2])], "m: output `y` has shape [1,2], onnxruntime gives [2]"],
    ] as const) {
      it(`refuses ${name}`, () => {
        assert.throws(() => compare("m", [...actual], [output([1, 2])]), { message });
      });
    }
  });

  describe("randomInputs", () => {
    it("draws anew each time", () => {
      assert.notDeepEqual(randomInputs("silero-vad"), randomInputs("silero-vad"));
    });

    it("knows nothing of other models", () => {
      assert.equal(randomInputs("other"), undefined);
    });

    it("fills the declared shapes", () => {
      for (const model of ["pp-ocrv4-rec", "silero-vad"]) {
        for (const { shape, data } of randomInputs(model)!) {
          assert.equal(
            data.length,
            shape.reduce((a, b) => a * b, 1),
          );
        }
      }
    });
  });
});
