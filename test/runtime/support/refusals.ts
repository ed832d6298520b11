import assert from "node:assert/strict";
import type { Credentials } from "../../../runtime/auth/authenticator";
import { ServerError, type ErrorCode } from "../../../runtime/errors";

/** What a request brings along; nothing but what is given. */
export const credentials = (given: Partial<Credentials>): Credentials => ({
  authorization: undefined,
  apiKey: undefined,
  certificateName: undefined,
  ...given,
});

/** Asserts that work throws, or rejects with, a refusal of that code and very message. */
export async function refused(code: ErrorCode, message: string, work: () => unknown): Promise<void> {
  await assert.rejects(
    async () => void (await work()),
    (error: unknown) => {
      assert.ok(error instanceof ServerError, String(error));
      assert.deepEqual([error.code, error.message], [code, message]);
      return true;
    },
  );
}
