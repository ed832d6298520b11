import assert from "node:assert";
import {
  answerByType,
  type Answer,
  type Call,
  type Handler,
  type NotApplicable,
} from "../../../policies/crossguard/answer-by-type";

const OTHER = "another type";

function notApplicable(name: string, reason: string): NotApplicable {
  return { getPolicyName: () => name, getReason: () => reason };
}

type Scripted = Answer & { list: NotApplicable[] };

function answer(list: NotApplicable[]): Scripted {
  const made = { list, getNotApplicableList: () => made.list };
  return made;
}

const repeat = (others: NotApplicable[]) => (given: Answer) => {
  const { list } = given as Scripted;
  (given as Scripted).list = [...list, ...others];
};

const call = (type: string): Call => ({ request: { getType: () => type } });

/** A pack of three rules: about `a`, about `b`, and one that is about both and does not apply for a reason of its own. */
function pack() {
  const asked: string[][] = [];
  const policies = ["a", "b", "both"].map((name) => ({
    name,
    description: name,
    validateResource: () => {},
  }));
  const isAbout = (policy: string, type: string) => policy === type || (policy === "both" && type !== "");
  const make = (some: readonly { name: string }[]): Handler => {
    return ({ request }, callback) => {
      asked.push(some.map(({ name }) => name));
      const type = request.getType();
      const said = some.flatMap(({ name }) => {
        if (!isAbout(name, type)) return [notApplicable(name, OTHER)];
        return name === "both" ? [notApplicable("both", "nothing to judge")] : [];
      });
      callback(undefined, answer(said));
    };
  };
  const configured: string[] = [];
  const configure: Handler = () => configured.push("yes");
  const handlers = answerByType({ analyze: make(policies), configure }, policies, { make, isAbout, repeat });
  const analyze = (type: string): string[] => {
    let said: string[] = [];
    handlers.analyze!(call(type), (error, given) => {
      assert.strictEqual(error, undefined);
      said = given!.getNotApplicableList().map((one) => `${one.getPolicyName()}: ${one.getReason()}`);
    });
    return said.sort();
  };
  return { asked, analyze, handlers, configured };
}

const ALL = ["a", "b", "both"];

describe("answerByType", () => {
  it("asks every rule once what it says of other types, and of each resource only those that are about its type", () => {
    const { asked, analyze } = pack();
    for (const type of ["a", "a", "b", "c"]) analyze(type);
    assert.deepStrictEqual(asked, [ALL, ["a", "both"], ["a", "both"], ["b", "both"], ["both"]]);
  });

  it("answers for every rule, the same every time", () => {
    const { analyze } = pack();
    const expected = ["b: another type", "both: nothing to judge"];
    assert.deepStrictEqual([analyze("a"), analyze("a"), analyze("a")], [expected, expected, expected]);
    assert.deepStrictEqual(analyze("c"), ["a: another type", ...expected]);
  });

  it("asks every rule again after the rules were configured anew", () => {
    const { asked, analyze, handlers, configured } = pack();
    analyze("a");
    handlers.configure!(call(""), () => {});
    analyze("a");
    assert.deepStrictEqual(asked, [ALL, ["a", "both"], ALL, ["a", "both"]]);
    assert.deepStrictEqual(configured, ["yes"]);
  });

  it("hands an error on and learns nothing from it", () => {
    const failure = new Error("broken");
    let calls = 0;
    const analyze: Handler = (_, callback) => {
      calls++;
      callback(failure);
    };
    const make = () => assert.fail("no handler of its own");
    const handlers = answerByType({ analyze }, [], { make, isAbout: () => false, repeat });
    const errors: unknown[] = [];
    for (let i = 0; i < 2; i++) handlers.analyze!(call("a"), (error) => errors.push(error));
    assert.deepStrictEqual(errors, [failure, failure]);
    assert.strictEqual(calls, 2);
  });
});
