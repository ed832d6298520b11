import { PreviewOnlyProvider } from "../shared/preview-only/provider";
import type { Recorder } from "../shared/preview-only/recorder";
import type { SdkTypes } from "../shared/preview-only/sdk-types";

export interface CommandProviderOptions {
  readonly version: string;
  readonly types: SdkTypes;
  /** See `PreviewOnlyOptions.recorder`. */
  readonly recorder?: Recorder;
}

/** Commands, as far as they can be previewed without being run. */
export function commandProvider({ version, types, recorder }: CommandProviderOptions): PreviewOnlyProvider {
  return new PreviewOnlyProvider({
    name: "command",
    version,
    types,
    recorder,
    naming: () => undefined,
    replaceOnChange: { "command:local:Command": ["triggers"] },
    pureFunctions: {},
    previewFunctions: {},
  });
}
