import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import type { LocalSession } from "../../cli/local-session";
import { summary } from "../../cli/up/summary";

const session = (more: Partial<LocalSession>): LocalSession => ({
  endpoint: "https://localhost:8443",
  caCertificate: "/home/ana/.local/state/slipway/local/ca.pem",
  kubeconfig: "/home/ana/.local/state/slipway/cluster/kubeconfig",
  prometheus: null,
  alertmanager: null,
  models: [{ name: "silero-vad", versions: ["5"] }],
  tokenKey: "key.pem",
  tokenKeyId: "k",
  tokenIssuer: "https://issuer",
  ...more,
});

const printed = (more: Partial<LocalSession> = {}) =>
  summary({ session: session(more), proofs: [], changes: "1 to create" }, 1000);

/** The words that a shell hands to curl. */
function curlWords(text: string): string[] {
  const [line = ""] = text.split("\n").filter((each) => each.startsWith("  curl "));
  const script = `npx() { echo TOKEN; }; curl() { printf '%s\\n' "$@"; }; ${line}`;
  return spawnSync("bash", ["-c", script], { encoding: "utf8" }).stdout.trimEnd().split("\n");
}

describe("summary of `up`", () => {
  it("prints a request that a shell hands to curl as it is meant", () => {
    assert.match(printed(), /^ {2}curl --cacert \/home\/ana\/\.local\/state\/slipway\/local\/ca\.pem -H /m);
    for (const caCertificate of [
      "/home/ana/ca.pem",
      "/home/ana b/my state/ca.pem",
      "/home/o'neil/$HOME/ca.pem",
    ]) {
      const words = curlWords(printed({ caCertificate }));
      assert.deepEqual(words.slice(0, 7), [
        "--cacert",
        caCertificate,
        "-H",
        "Authorization: Bearer TOKEN",
        "-H",
        "Content-Type: application/json",
        "https://localhost:8443/v2/models/silero-vad/infer",
      ]);
      assert.equal((JSON.parse(words[8]!) as { inputs: unknown[] }).inputs.length, 3);
    }
  });

  it("prints none where the model that it is for is not served", () => {
    const text = printed({ models: [{ name: "ocr", versions: ["4"] }] });
    assert.doesNotMatch(text, /curl|A request|silero/);
    assert.match(text, /Stop it:\n {2}npm run down$/);
  });
});
