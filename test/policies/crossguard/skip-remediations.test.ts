import assert from "node:assert/strict";
import type { PolicyPackArgs } from "@pulumi/policy";
import type { Answer, Call, Handler } from "../../../policies/crossguard/answer-by-type";
import { skipRemediations } from "../../../policies/crossguard/skip-remediations";

const REMEDIATE = 3;
const call = { request: Buffer.from("a") } as unknown as Call;
const policies = ["a", "b"].map((name) => ({ name, description: name, validateResource: () => undefined }));

function pack(args: Partial<PolicyPackArgs>) {
  let asked = 0;
  let read = 0;
  const remediate: Handler = ({ request }, callback) => {
    assert.equal(request.getType(), "a");
    asked++;
    callback(undefined, { getNotApplicableList: () => [] });
  };
  const configure: Handler = (_, callback) => callback(undefined);
  const handlers = skipRemediations({ remediate, configure }, { policies, ...args }, REMEDIATE, (request) => {
    read++;
    return { getType: () => String(request) };
  });
  const answers: (Answer | undefined)[] = [];
  return {
    remediate: () => handlers.remediate!(call, (_, answer) => answers.push(answer)),
    configure: (levels: Record<string, number>) => {
      const entries = () =>
        Object.entries(levels).map(([name, level]) => [name, { getEnforcementlevel: () => level }]);
      const request = { getPolicyconfigMap: () => ({ entries }) };
      handlers.configure!({ request } as unknown as Call, () => undefined);
    },
    answers,
    asked: () => asked,
    read: () => read,
  };
}

describe("skipRemediations", () => {
  it("reads and asks once where no rule remedies, and repeats the empty answer", () => {
    const { remediate, answers, asked, read } = pack({ enforcementLevel: "advisory" });
    for (let i = 0; i < 3; i++) remediate();
    assert.deepEqual([asked(), read()], [1, 1]);
    assert.ok(answers[0] !== undefined && answers.every((answer) => answer === answers[0]));
  });

  it("asks for every resource where a rule remedies by its own level, or by the pack's", () => {
    const own = { policies: [policies[0]!, { ...policies[1]!, enforcementLevel: "remediate" as const }] };
    for (const args of [own, { enforcementLevel: "remediate" as const }]) {
      const { remediate, asked } = pack(args);
      for (let i = 0; i < 3; i++) remediate();
      assert.equal(asked(), 3);
    }
  });

  it("asks from the moment on at which a rule is configured to remedy, and no longer than that", () => {
    const { remediate, configure, asked } = pack({ enforcementLevel: "mandatory" });
    remediate();
    remediate();
    configure({ b: REMEDIATE });
    remediate();
    remediate();
    assert.equal(asked(), 3);
    configure({ b: 1 });
    remediate();
    remediate();
    assert.equal(asked(), 3);
  });
});
