import { datatypeOf, DATATYPE_NAMES, elementTypeName } from "./element-types";
import type { ModelValue, OnnxModel, OperatorUse } from "./onnx-model";
import { quoted } from "./quoted";
import { NEWEST_IR_VERSION, NEWEST_OPSETS, ONNX_RUNTIME_VERSION } from "./operators";
import { supportedTypes, supportOf, type ModelProvider } from "./supported-operators";

/** Operators that are named one by one; a model for another runtime can lack hundreds. */
const MOST_OPERATORS = 10;

const RUNTIME = `onnxruntime ${ONNX_RUNTIME_VERSION}`;

/** Why the runtime could not load a model or pass its tensors: one sentence for each cause, none where it can. */
export function modelProblems(model: OnnxModel, provider: ModelProvider): string[] {
  return [
    ...formatProblems(model),
    ...opsetProblems(model),
    ...operatorProblems(model, provider),
    ...model.inputs.flatMap((input) => valueProblems("input", input)),
    ...model.outputs.flatMap((output) => valueProblems("output", output)),
  ];
}

function formatProblems({ irVersion }: OnnxModel): string[] {
  if (irVersion <= NEWEST_IR_VERSION) return [];
  return [
    `IR version ${irVersion}; ${RUNTIME} reads up to ${NEWEST_IR_VERSION}: write the model with an older \`onnx\` package, or raise the runtime`,
  ];
}

function opsetProblems({ opsets }: OnnxModel): string[] {
  if (opsets.size === 0) return ["no opset is imported, so that nobody knows what its operators mean"];
  return [...opsets].flatMap(([domain, opset]) => {
    const newest = newestOpset(domain);
    if (newest === undefined) return [];
    if (opset > newest) {
      return [
        `opset ${opset} of ${shownDomain(domain)}; ${RUNTIME} runs up to ${newest}: export the model with an older opset, or raise the runtime`,
      ];
    }
    return opset < 1 ? [`opset ${opset} of ${shownDomain(domain)} must be at least 1`] : [];
  });
}

function operatorProblems({ operators, opsets }: OnnxModel, provider: ModelProvider): string[] {
  if (opsets.size === 0) return [];
  const problems = operators.flatMap((use) => operatorProblem(use, provider));
  if (problems.length <= MOST_OPERATORS) return problems;
  return [
    ...problems.slice(0, MOST_OPERATORS),
    `${problems.length - MOST_OPERATORS} more operators that ${RUNTIME} does not run`,
  ];
}

function operatorProblem(use: OperatorUse, provider: ModelProvider): string[] {
  const newest = newestOpset(use.domain);
  // onnxruntime imports its own domains where the model does not.
  const opset = use.opset ?? newest;
  if (newest !== undefined && opset !== undefined && (opset > newest || opset < 1)) return [];
  const named = `operator ${quoted(use.op)} of ${shownDomain(use.domain)} (node ${quoted(use.node)}${opset === undefined ? "" : `, opset ${opset}`})`;
  const { domain, op, elementType } = use;
  switch (supportOf(domain, op, opset ?? 1, elementType, provider)) {
    case "runs":
      return [];
    case "not declared":
      return [
        `${named}: ${RUNTIME} has no such operator${newest === undefined ? "" : " at that opset"}; write it as operators that it has, or as a function in the model`,
      ];
    case "no kernel":
      return [
        `${named}: ${RUNTIME} does not run it on the CPU${supportOf(domain, op, opset ?? 1, elementType, "cuda") === "runs" ? '; set `provider` to "cuda"' : ", nor with CUDA"}`,
      ];
    case "no such type": {
      const types = supportedTypes(domain, op, opset ?? 1).map(elementTypeName);
      return [
        `${named}: ${RUNTIME} does not run it on ${elementTypeName(elementType ?? 0)} on the CPU, but on ${types.join(", ")}; cast its input, or export the model in another precision`,
      ];
    }
  }
}

function valueProblems(side: "input" | "output", { name, kind, elementType }: ModelValue): string[] {
  if (kind !== "tensor") return [`${side} ${quoted(name)} is ${kind}; requests carry tensors only`];
  if (datatypeOf(elementType) !== undefined) return [];
  if (elementType === 0) return side === "input" ? [`input ${quoted(name)} has no element type`] : [];
  return [
    `${side} ${quoted(name)} is of type ${elementTypeName(elementType)}; requests carry ${DATATYPE_NAMES.join(", ")}: cast it inside the model`,
  ];
}

function newestOpset(domain: string): number | undefined {
  return Object.hasOwn(NEWEST_OPSETS, domain) ? NEWEST_OPSETS[domain] : undefined;
}

function shownDomain(domain: string): string {
  return domain === "" ? "ai.onnx" : quoted(domain).slice(1, -1);
}
