import { PullFailure } from "./pull-failure";

const SAFE_SEGMENT = /^[A-Za-z0-9_][A-Za-z0-9._@+-]*$/;

/** `<version>/<folder>/<folder>/<file>`: no exporter of models goes deeper. */
const DEEPEST = 4;

/** Files of one model; a source with more is no model. */
export const MOST_FILES = 10_000;

/**
 * A path that comes from outside, checked to stay inside the model's folder.
 * @param what whose path it is, e.g. "The artifact"
 */
export function safePath(path: string, what: string, deepest = DEEPEST): string {
  const segments = path.split("/");
  if (segments.length > deepest || !segments.every((segment) => SAFE_SEGMENT.test(segment))) {
    throw new PullFailure(
      `${what} names a file (${path.slice(0, 200) || "without title"}) that is no plain path inside a model's folder.`,
    );
  }
  return path;
}

/** `.DS_Store`, `._model.onnx`: what systems leave beside files. Never `..`, which leads elsewhere. */
export function isHidden(path: string): boolean {
  return path.split("/").some((segment) => /^\.[^.]/.test(segment));
}
