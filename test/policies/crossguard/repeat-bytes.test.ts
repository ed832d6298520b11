import assert from "node:assert/strict";
import { createRequire } from "node:module";
import type { Answer, NotApplicable } from "../../../policies/crossguard/answer-by-type";
import { RepeatedBytes, type ServiceDefinition } from "../../../policies/crossguard/repeat-bytes";

// The SDK's own messages, so that what is read is what the engine would read.
const sdk = createRequire(require.resolve("@pulumi/policy"));
const proto = sdk("@pulumi/pulumi/proto/analyzer_pb") as {
  AnalyzeResponse: {
    deserializeBinary(bytes: Uint8Array): Answer & { getDiagnosticsList(): { getMessage(): string }[] };
  };
  PolicyNotApplicable: new () => NotApplicable & {
    setPolicyName(name: string): void;
    setReason(text: string): void;
  };
};
const { AnalyzerService } = sdk("@pulumi/pulumi/proto/analyzer_grpc_pb") as {
  AnalyzerService: ServiceDefinition;
};
const { makeAnalyzeResponse } = sdk("./protoutil") as {
  makeAnalyzeResponse(diagnostics: readonly object[], notApplicable: NotApplicable[]): Answer;
};

function notApplicable(name: string): NotApplicable {
  const one = new proto.PolicyNotApplicable();
  one.setPolicyName(name);
  one.setReason("another type");
  return one;
}

describe("RepeatedBytes", () => {
  const repeated = new RepeatedBytes(AnalyzerService, (list) => makeAnalyzeResponse([], list));
  const serialize = repeated.definition().analyze!.responseSerialize;
  const finding = { policyName: "own", message: "broken", enforcementLevel: "mandatory" };

  it("adds the same list to any number of answers, as if each had it", () => {
    const add = repeated.repeat(["b", "c"].map(notApplicable));
    for (const message of ["first", "second"]) {
      const answer = makeAnalyzeResponse([{ ...finding, message }], [notApplicable("a")]);
      add(answer);
      const read = proto.AnalyzeResponse.deserializeBinary(serialize(answer));
      assert.deepEqual(
        read.getNotApplicableList().map((one) => `${one.getPolicyName()}: ${one.getReason()}`),
        ["a: another type", "b: another type", "c: another type"],
      );
      assert.deepEqual(
        read.getDiagnosticsList().map((one) => one.getMessage()),
        [message],
      );
    }
  });

  it("leaves an answer to which nothing was added as it is", () => {
    const read = proto.AnalyzeResponse.deserializeBinary(serialize(makeAnalyzeResponse([finding], [])));
    assert.deepEqual(read.getNotApplicableList(), []);
  });
});
