/** One entry of an image layer. Exactly one of `source`, `content`, `linkTarget`, `directory` says what it is. */
export interface ImageFile {
  /** Absolute path in the image. */
  readonly path: string;
  /** Path of a regular file on this machine. */
  readonly source?: string;
  /** The file's content itself. */
  readonly content?: string | Buffer;
  /** Makes the entry a symbolic link to this path. */
  readonly linkTarget?: string;
  /** Makes the entry a directory; parents of other entries need no entry of their own. */
  readonly directory?: boolean;
  /** Permission bits. @default 0o644 for content, the source's executable bit kept (0o755 or 0o644), 0o755 for directories */
  readonly mode?: number;
  /** @default 0 */
  readonly uid?: number;
  /** @default 0 */
  readonly gid?: number;
}

/** The part of the OCI image configuration that the project's images use, in the OCI terms. */
export interface ImageConfig {
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Env?: readonly string[];
  /** `uid` or `uid:gid`; numbers, so that `runAsNonRoot` can be verified. */
  readonly User?: string;
  readonly WorkingDir?: string;
  readonly ExposedPorts?: Readonly<Record<string, Record<string, never>>>;
  readonly Labels?: Readonly<Record<string, string>>;
}

export interface ImageSpec {
  /** Name of the image, also the default repository in a registry, e.g. `slipway/runtime`. */
  readonly name: string;
  /** From the bottom up; what changes rarely comes first. */
  readonly layers: readonly (readonly ImageFile[])[];
  readonly config: ImageConfig;
  /**
   * `none` is the fastest inside one machine; `gzip` is for images that travel.
   * @default "none"
   */
  readonly compression?: "none" | "gzip";
}

/** An image as an OCI layout folder on disk. */
export interface BuiltImage {
  readonly name: string;
  /** The OCI layout: `oci-layout`, `index.json`, `blobs/sha256/*`. */
  readonly dir: string;
  /** Digest of the manifest, `sha256:<hex>`. */
  readonly digest: string;
  /** Bytes that travel: manifest, configuration and layers as stored. */
  readonly sizeBytes: number;
  /** Bytes of all files once unpacked. */
  readonly unpackedBytes: number;
}

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
}

export const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
export const CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
export const LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar";
