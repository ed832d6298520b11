import assert from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { checkPeers } from "../../../components/internal/peer-checks";
import { Problems } from "../../../components/internal/validation";

function told(peers: Parameters<typeof checkPeers>[1]): string {
  const problems = new Problems("InferenceService", "text");
  checkPeers("gateways", peers, problems);
  try {
    problems.throwIfAny();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

describe("peers of a network policy", () => {
  it("are taken with whatever the API server takes, and with what is known only later", () => {
    assert.equal(told(undefined), "");
    assert.equal(told([{ namespace: "a-1", podLabels: { "example.com/app": "", team: "A.b_c-1" } }]), "");
    const later = pulumi.output("A B");
    assert.equal(told([{ namespace: later, podLabels: { app: later } }]), "");
    assert.equal(told([{ namespace: "a", podLabels: pulumi.output({ app: "A B" }) }]), "");
  });

  it("are refused by their place, where the API server would refuse the policy", () => {
    const good = { namespace: "a", podLabels: {} };
    assert.equal(
      told([good, { namespace: "A", podLabels: { app: "a,b" } }]),
      'InferenceService "text": `gateways[1].namespace`: "A" must be the name of a namespace; ' +
        '`gateways[1].podLabels["app"]`: "a,b" must be at most 63 letters, digits, "-", "_" and ".", beginning and ending with a letter or digit',
    );
  });
});
