/** What a provider needs to be there, for the sentence that says why it was passed over. */
interface ProviderInfo {
  readonly needs: string;
  /** How onnxruntime names it when it fails to start. */
  readonly names: RegExp;
  /** Whether operators may run at the same time on it; others run their graph in sequence. */
  readonly parallel: boolean;
}

/** Where the machine's own processor computes; every session has it, whatever its list says. */
export const CPU = "cpu";

const PROVIDERS: Readonly<Record<string, ProviderInfo>> = {
  cpu: { needs: "nothing", names: /\bcpu\b/i, parallel: true },
  cuda: {
    needs:
      "an NVIDIA GPU, CUDA 12, cuDNN 9 and onnxruntime-node's own CUDA libraries (its install script fetches them)",
    names: /cuda/i,
    parallel: false,
  },
  tensorrt: {
    needs:
      "an NVIDIA GPU, CUDA 12, TensorRT 10 and onnxruntime-node's own TensorRT libraries (its install script fetches them)",
    names: /tensorrt/i,
    parallel: false,
  },
  webgpu: {
    needs: "a graphics adapter with its Vulkan, Metal or Direct3D driver",
    names: /webgpu|wgpu/i,
    parallel: false,
  },
  dml: { needs: "Windows with a DirectX 12 adapter", names: /dml|directml/i, parallel: false },
  coreml: { needs: "macOS", names: /coreml/i, parallel: true },
  qnn: { needs: "Windows on a Qualcomm processor", names: /qnn/i, parallel: true },
};

/** What onnxruntime-node says it was built with, by name. */
export interface Backends {
  listSupportedBackends(): readonly { readonly name: string }[];
}

/** The providers that this build of onnxruntime-node offers on this platform; whether they start shows at load. */
export function offeredProviders(ort: Backends): string[] {
  return ort.listSupportedBackends().map(({ name }) => name);
}

export function runsInParallel(provider: string): boolean {
  return PROVIDERS[provider]?.parallel ?? false;
}

/** Why a provider that is offered did not start, without onnxruntime's paths. */
export function startFailure(provider: string, error: string): string {
  if (!PROVIDERS[provider]) return `\`${provider}\` cannot start: ${brief(error)}`;
  const reason = /shared library/i.test(error)
    ? "its shared library cannot be loaded"
    : /adapter/i.test(error)
      ? "no graphics adapter was found"
      : brief(error);
  return `\`${provider}\` cannot start: ${reason}; it needs ${PROVIDERS[provider].needs}`;
}

/** Which of the providers an error of onnxruntime is about; the first that computes elsewhere where it does not say. */
export function failedProvider(providers: readonly string[], error: string): string | undefined {
  const others = providers.filter((name) => name !== CPU);
  return others.find((name) => PROVIDERS[name]?.names.test(error)) ?? others[0];
}

/** Characters of an error of onnxruntime that a warning repeats. */
const LONGEST_REASON = 200;

function brief(error: string): string {
  return error
    .replace(/(?:\/[\w.@+-]+){2,}(?::\d+)?/g, "(file)")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, LONGEST_REASON)
    .replace(/[.\s]+$/, "");
}
