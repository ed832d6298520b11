import assert from "node:assert/strict";
import { schedulingOf } from "../../../runtime/dataplane/request-parameters";
import { ServerError } from "../../../runtime/errors";

describe("schedulingOf", () => {
  const now = () => 1000;

  for (const [parameters, expected] of [
    [undefined, {}],
    [{}, {}],
    [{ sequence_id: 4 }, {}],
    [{ priority: 2 }, { priority: 2, deadline: undefined }],
    [
      { priority: 0, timeout: 0 },
      { priority: undefined, deadline: undefined },
    ],
    [{ timeout: 2500 }, { priority: undefined, deadline: 1002.5 }],
    [
      { timeout: 5000n, priority: 1n },
      { priority: 1, deadline: 1005 },
    ],
  ] as const) {
    it(`reads ${expected && Object.keys(parameters ?? {}).join(", ")} ${String(Object.values(parameters ?? {}))}`, () => {
      assert.deepEqual(schedulingOf(parameters, now), expected);
    });
  }

  for (const [parameters, message] of [
    [{ priority: -1 }, "The parameter `priority` (-1) must be a whole number >= 0."],
    [{ priority: 1.5 }, "The parameter `priority` (1.5) must be a whole number >= 0."],
    [{ timeout: "1000" }, 'The parameter `timeout` ("1000") must be a whole number >= 0.'],
    [{ timeout: null }, "The parameter `timeout` (null) must be a whole number >= 0."],
    [{ timeout: { us: 1 } }, "The parameter `timeout` (an object) must be a whole number >= 0."],
  ] as const) {
    it(`refuses ${JSON.stringify(parameters)}`, () => {
      assert.throws(
        () => schedulingOf(parameters),
        (error: unknown) =>
          error instanceof ServerError && error.code === "InvalidArgument" && error.message === message,
      );
    });
  }
});
