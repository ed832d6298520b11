export { buildImage } from "./build-image";
export { MANIFEST_TYPE } from "./image-spec";
export type { BuiltImage, Descriptor, ImageConfig, ImageFile, ImageSpec } from "./image-spec";
export { pushBlob, pushImage, pushManifest, type Blob } from "./push-image";
export { speaksPlainHttp } from "./registry-address";
export { sharedLibraries } from "./shared-libraries";
