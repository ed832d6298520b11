import assert from "node:assert";
import type { Handler } from "../../../policies/crossguard/answer-by-type";
import { tellStackConfig } from "../../../policies/crossguard/stack-config";

const call = (config: Record<string, string>) =>
  ({ request: { getConfigMap: () => new Map(Object.entries(config)) } }) as unknown as Parameters<Handler>[0];

describe("tellStackConfig", () => {
  const answered: unknown[] = [];
  const configureStack: Handler = (_call, callback) => callback(null);
  const callback = (error: unknown): void => void answered.push(error);
  beforeEach(() => answered.splice(0));

  it("tells the stack's configuration, then lets the SDK answer", () => {
    const told: unknown[] = [];
    const handlers = tellStackConfig({ configureStack }, (config) => told.push(config));
    handlers["configureStack"]!(call({ "slipway-policies:profile": "strict" }), callback);
    assert.deepStrictEqual(told, [{ "slipway-policies:profile": "strict" }]);
    assert.deepStrictEqual(answered, [null]);
  });

  it("answers with the sentence where the configuration makes no sense", () => {
    const handlers = tellStackConfig({ configureStack }, () => {
      throw new Error("it makes no sense.");
    });
    handlers["configureStack"]!(call({}), callback);
    const [error] = answered as { message: string; details: string; code: number }[];
    assert.deepStrictEqual(
      [error?.message, error?.details, error?.code],
      ["it makes no sense.", "it makes no sense.", 3],
    );
  });

  it("leaves an SDK alone that has no such call", () => {
    const handlers = { analyze: configureStack };
    assert.strictEqual(
      tellStackConfig(handlers, () => assert.fail()),
      handlers,
    );
  });
});
