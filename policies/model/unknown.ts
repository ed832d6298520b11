/**
 * Marks that the engine puts in the place of a value which a preview cannot know. They are part of the wire
 * protocol; a test holds this list equal to the policy SDK's.
 */
export const UNKNOWN_MARKS: readonly string[] = [
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // boolean
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9", // string
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // array
  "030794c1-ac77-496b-92df-f27374a8bd58", // asset
  "e48ece36-62e2-4504-bad9-02848725956a", // archive
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
];

/** The mark of an unknown string, the usual one: for fixtures and tests. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const marks = new Set<unknown>(UNKNOWN_MARKS);

export function isUnknown(value: unknown): boolean {
  return marks.has(value);
}

/** Thrown by `Field` when a rule needs a value that cannot be known yet; the finding is then indeterminate. */
export class UnknownRead extends Error {
  constructor(readonly path: string) {
    super(`\`${path}\` is not known yet`);
    this.name = "UnknownRead";
  }
}

/** The answer to a question; the error where it needs a value that is not known yet. */
export function ask<Answer>(question: () => Answer): Answer | UnknownRead {
  try {
    return question();
  } catch (error) {
    if (error instanceof UnknownRead) return error;
    throw error;
  }
}
