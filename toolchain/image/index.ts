export { buildImage } from "./build-image";
export type { BuiltImage, Descriptor, ImageConfig, ImageFile, ImageSpec } from "./image-spec";
export { pushBlob, pushImage, pushManifest, type Blob } from "./push-image";
export { sharedLibraries } from "./shared-libraries";
