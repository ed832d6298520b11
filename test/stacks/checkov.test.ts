import assert from "node:assert/strict";
import { judged, waivers } from "./checkov";

describe("waivers of checkov's checks", () => {
  const finding = { check: "CKV_K8S_1", resource: "Pod.n.a" };

  it("cover the check for the resource that they name, and nothing else", () => {
    const others = [
      { check: "CKV_K8S_1", resource: "Pod.n.b" },
      { check: "CKV_K8S_2", resource: "Pod.n.a" },
    ];
    const failed = [finding, ...others];
    assert.deepEqual(judged(failed, [{ ...finding, reason: "it must" }]), { open: others, unused: [] });
  });

  it("are told where nothing needs them any more", () => {
    const waiver = { ...finding, reason: "it must" };
    assert.deepEqual(judged([], [waiver]), { open: [], unused: [waiver] });
  });

  it("of this repository have a reason each", () => {
    for (const { reason } of waivers()) assert.match(reason, /\S+ \S+ \S+/);
  });
});
