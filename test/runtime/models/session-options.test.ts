import assert from "node:assert/strict";
import type { InferenceSession } from "onnxruntime-node";
import type { ExecutionConfig } from "../../../runtime/models/model-config-types";
import {
  openWithFallback,
  sessionOptions,
  type SessionLibrary,
} from "../../../runtime/models/session-options";

const LINUX = ["cpu", "webgpu", "cuda", "tensorrt"];
const HERE = `${process.platform}/${process.arch}`;
const backends = (names: readonly string[]) => ({
  listSupportedBackends: () => names.map((name) => ({ name })),
});
const settings = (execution?: ExecutionConfig, intraOpThreads = 4, offered = LINUX) =>
  sessionOptions(backends(offered), { file: "/models/m/1/model.onnx", intraOpThreads, execution }, () => 4);

describe("sessionOptions", () => {
  it("computes on the processor with the threads it is given, without spinning", () => {
    assert.deepEqual(settings(), {
      options: {
        executionProviders: ["cpu"],
        intraOpNumThreads: 4,
        interOpNumThreads: 1,
        logSeverityLevel: 4,
        extra: {
          session: {
            intra_op: { allow_spinning: "0" },
            model_external_initializers_file_folder_path: "/models/m/1",
          },
        },
      },
      providers: ["cpu"],
      warnings: [],
    });
  });

  const providers: [readonly string[], string[]][] = [
    [[], ["cpu"]],
    [["cuda"], ["cuda", "cpu"]],
    [
      ["tensorrt", "cuda", "cpu"],
      ["tensorrt", "cuda", "cpu"],
    ],
    [
      ["cuda", "cuda"],
      ["cuda", "cpu"],
    ],
    [["cpu", "cuda"], ["cpu"]],
  ];
  for (const [asked, taken] of providers) {
    it(`takes [${taken.join(", ")}] for [${asked.join(", ")}]`, () => {
      const result = settings({ providers: asked });
      assert.deepEqual(
        [result.providers, result.options.executionProviders, result.warnings],
        [taken, taken, []],
      );
    });
  }

  it("passes over a provider that this build lacks, in one sentence", () => {
    const { providers: taken, warnings } = settings({ providers: ["openvino", "cuda"] });
    assert.deepEqual(taken, ["cuda", "cpu"]);
    assert.deepEqual(warnings, [
      `\`execution.providers\` names \`openvino\`, but this onnxruntime-node (${HERE}) offers cpu, webgpu, cuda, tensorrt; it is passed over.`,
    ]);
  });

  it("refuses where the first provider is required and missing, but not where a later one is", () => {
    assert.throws(() => settings({ providers: ["coreml", "cpu"], requireFirstProvider: true }), {
      message: `\`execution.requireFirstProvider\` wants \`coreml\`, but this onnxruntime-node (${HERE}) offers cpu, webgpu, cuda, tensorrt; provide it, or take \`requireFirstProvider\` away so that the next provider is used.`,
    });
    assert.deepEqual(settings({ providers: ["cuda", "coreml"], requireFirstProvider: true }).providers, [
      "cuda",
      "cpu",
    ]);
  });

  for (const level of ["disabled", "basic", "extended", "all"] as const) {
    it(`optimises the graph to the level ${level}`, () => {
      assert.equal(settings({ graphOptimization: level }).options.graphOptimizationLevel, level);
    });
  }

  it("runs operators in parallel on threads that it takes from those inside operators", () => {
    const { options, warnings } = settings({ interOpThreads: 3 });
    assert.deepEqual(
      [options.executionMode, options.interOpNumThreads, options.intraOpNumThreads, warnings],
      ["parallel", 3, 2, []],
    );
    assert.deepEqual(options.extra!["session"], {
      intra_op: { allow_spinning: "0" },
      inter_op: { allow_spinning: "0" },
      model_external_initializers_file_folder_path: "/models/m/1",
    });
  });

  it("leaves one thread inside operators where all others run operators", () => {
    assert.equal(settings({ interOpThreads: 4 }, 2).options.intraOpNumThreads, 1);
  });

  it("warns of more threads than the process has processors", () => {
    const { options, warnings } = settings({ intraOpThreads: 8 });
    assert.equal(options.intraOpNumThreads, 8);
    assert.deepEqual(warnings, [
      "`execution.intraOpThreads` and `execution.interOpThreads` make 8 threads for each instance, but this process may use 4 processors; they will wait for each other.",
    ]);
  });

  it("keeps operators in sequence on a provider that runs one at a time", () => {
    const { options, warnings } = settings({ providers: ["cuda"], interOpThreads: 2 });
    assert.deepEqual([options.executionMode, options.interOpNumThreads], [undefined, 1]);
    assert.deepEqual(warnings, [
      "`execution.interOpThreads` (2) has no effect: `cuda` runs one operator at a time.",
    ]);
  });

  it("turns the memory pattern off for DirectML, which requires it", () => {
    assert.equal(
      settings({ providers: ["dml"] }, 4, ["cpu", "webgpu", "dml"]).options.enableMemPattern,
      false,
    );
  });

  it("passes the precision to a provider that has a choice", () => {
    const { options, warnings } = settings({ providers: ["qnn"], precision: "fp32" }, 4, ["cpu", "qnn"]);
    assert.deepEqual(options.executionProviders, [{ name: "qnn", enableFp16Precision: false }, "cpu"]);
    assert.deepEqual(warnings, []);
  });

  for (const [asked, named] of [
    [["tensorrt"], "tensorrt"],
    [["cpu"], "cpu"],
  ] as const) {
    it(`says that the precision has no effect on ${named}`, () => {
      assert.deepEqual(settings({ providers: asked, precision: "fp16" }).warnings, [
        `\`execution.precision\` (fp16) has no effect on \`${named}\`: onnxruntime-node takes no such option for it, so it computes as the model's file says; convert the file to fp16 instead.`,
      ]);
    });
  }
});

describe("openWithFallback", () => {
  const CUDA = "OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library";
  const TENSORRT = "OrtSessionOptionsAppendExecutionProvider_TensorRT: Failed to load shared library";
  const WEBGPU =
    "/onnxruntime_src/onnxruntime/core/providers/webgpu/webgpu_context.cc:136 was false. Failed to get a WebGPU adapter: No supported adapters\n";

  /** A library whose providers fail as given; records what it was asked for. */
  function library(failures: Record<string, string>, model?: string) {
    const attempts: unknown[] = [];
    const ort: SessionLibrary = {
      ...backends(LINUX),
      InferenceSession: {
        create: (_bytes, options) => {
          const names = options!.executionProviders as string[];
          attempts.push(names);
          const failed = names.find((name) => failures[name]);
          const message = failed ? failures[failed] : model;
          return message ? Promise.reject(new Error(message)) : Promise.resolve({} as InferenceSession);
        },
      },
    };
    return { ort, attempts };
  }
  const open = (ort: SessionLibrary, execution: ExecutionConfig) =>
    openWithFallback(ort, new Uint8Array(1), { file: "/m/model.onnx", intraOpThreads: 1, execution });

  it("goes on to the next provider where one does not start, and says why", async () => {
    const { ort, attempts } = library({ tensorrt: TENSORRT, cuda: CUDA });
    const { providers, warnings } = await open(ort, { providers: ["tensorrt", "cuda"] });
    assert.deepEqual(attempts, [["tensorrt", "cuda", "cpu"], ["cuda", "cpu"], ["cpu"]]);
    assert.deepEqual(providers, ["cpu"]);
    assert.deepEqual(warnings, [
      "`tensorrt` cannot start: its shared library cannot be loaded; it needs an NVIDIA GPU, CUDA 12, TensorRT 10 and onnxruntime-node's own TensorRT libraries (its install script fetches them); `cuda`, `cpu` are used instead.",
      "`cuda` cannot start: its shared library cannot be loaded; it needs an NVIDIA GPU, CUDA 12, cuDNN 9 and onnxruntime-node's own CUDA libraries (its install script fetches them); `cpu` is used instead.",
    ]);
  });

  it("passes over the provider that the error is about, not the first", async () => {
    const { ort, attempts } = library({ cuda: CUDA });
    const { providers } = await open(ort, { providers: ["tensorrt", "cuda"] });
    assert.deepEqual([attempts.length, providers], [2, ["tensorrt", "cpu"]]);
  });

  it("tells nothing of where onnxruntime was built", async () => {
    const { ort } = library({ webgpu: WEBGPU });
    assert.deepEqual((await open(ort, { providers: ["webgpu"] })).warnings, [
      "`webgpu` cannot start: no graphics adapter was found; it needs a graphics adapter with its Vulkan, Metal or Direct3D driver; `cpu` is used instead.",
    ]);
    const other = library({ webgpu: "/src/core/a.cc:12 broke\n at  /src/core/b.cc" });
    assert.deepEqual((await open(other.ort, { providers: ["webgpu"] })).warnings, [
      "`webgpu` cannot start: (file) broke at (file); it needs a graphics adapter with its Vulkan, Metal or Direct3D driver; `cpu` is used instead.",
    ]);
  });

  it("runs operators in parallel after all where the provider that could not has gone", async () => {
    const { ort } = library({ cuda: CUDA });
    const { warnings } = await open(ort, { providers: ["cuda"], interOpThreads: 2 });
    assert.equal(
      warnings.some((warning) => warning.includes("interOpThreads` (2) has no effect")),
      false,
    );
  });

  it("refuses where the first provider is required and does not start", async () => {
    const { ort, attempts } = library({ cuda: CUDA });
    await assert.rejects(open(ort, { providers: ["cuda"], requireFirstProvider: true }), {
      message:
        "`execution.requireFirstProvider` wants `cuda`, but `cuda` cannot start: its shared library cannot be loaded; it needs an NVIDIA GPU, CUDA 12, cuDNN 9 and onnxruntime-node's own CUDA libraries (its install script fetches them); provide it, or take `requireFirstProvider` away so that the next provider is used.",
    });
    assert.equal(attempts.length, 1);
  });

  it("throws onnxruntime's error where the model is at fault, whatever the providers", async () => {
    const { ort } = library({}, "Protobuf parsing failed.");
    await assert.rejects(open(ort, { providers: ["cuda"] }), { message: "Protobuf parsing failed." });
  });
});
