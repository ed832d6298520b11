import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { ReportedInput } from "../../audit/report";
import { messageOf, SlipwayError } from "../../toolchain/errors";

/** A file that was given, with what the report says of it. */
export interface InputFile {
  readonly path: string;
  readonly text: string;
  readonly input: ReportedInput;
}

/** @param flag the option or argument that named the file, for the sentence where it cannot be read */
export function readInputFile(flag: string, path: string, kind: string): InputFile {
  let bytes;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new SlipwayError(`cannot read \`${flag}\` ${path}: ${messageOf(error)}`);
  }
  return { path, text: bytes.toString("utf8"), input: inputOf(kind, basename(path), bytes) };
}

export function inputOf(kind: string, name: string, content: string | Buffer): ReportedInput {
  return { kind, name, sha256: createHash("sha256").update(content).digest("hex") };
}
