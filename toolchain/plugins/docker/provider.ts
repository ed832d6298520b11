import { PreviewOnlyProvider } from "../shared/preview-only/provider";
import type { CloudFunction, NamingRule } from "../shared/preview-only/provider";
import type { Recorder } from "../shared/preview-only/recorder";
import type { SdkTypes } from "../shared/preview-only/sdk-types";

/** Only these have names that the provider makes; an image's name says where it goes. */
const NAMED = new Set([
  "docker:index/container:Container",
  "docker:index/network:Network",
  "docker:index/volume:Volume",
]);
const NAMING: NamingRule = { property: "name", maxLength: 255 };

const REPLACE_ON_CHANGE: { readonly [type: string]: readonly string[] } = {
  "docker:index/container:Container": ["image", "command", "envs", "ports", "volumes"],
  "docker:index/network:Network": ["driver", "ipamConfigs", "internal"],
  "docker:index/remoteImage:RemoteImage": ["name", "platform"],
  "docker:index/volume:Volume": ["driver", "driverOpts"],
};

/** No image has this digest. The engine refuses unknown results of functions. */
const PLACEHOLDER_DIGEST = `sha256:${"0".repeat(64)}`;

const registryImage: CloudFunction = (args) => {
  return { ...args, id: PLACEHOLDER_DIGEST, sha256Digest: PLACEHOLDER_DIGEST };
};

export interface DockerProviderOptions {
  readonly version: string;
  readonly types: SdkTypes;
  /** See `PreviewOnlyOptions.recorder`. */
  readonly recorder?: Recorder;
}

/** Docker, as far as it can be previewed without a daemon. */
export function dockerProvider({ version, types, recorder }: DockerProviderOptions): PreviewOnlyProvider {
  return new PreviewOnlyProvider({
    name: "docker",
    version,
    types,
    recorder,
    naming: (type) => (NAMED.has(type) ? NAMING : undefined),
    replaceOnChange: REPLACE_ON_CHANGE,
    pureFunctions: {},
    previewFunctions: { "docker:index/getRegistryImage:getRegistryImage": registryImage },
  });
}
