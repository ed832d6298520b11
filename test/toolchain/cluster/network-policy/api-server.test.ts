import assert from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { apiServer } from "../../../../toolchain/cluster/network-policy/api-server";

describe("apiServer", () => {
  const dir = mkdtempSync(join(tmpdir(), "slipway-network-policy-"));
  const path = join(dir, "kubeconfig");

  after(() => rmSync(dir, { recursive: true }));

  it("names a file that is not there", () => {
    assert.throws(() => apiServer(join(dir, "none")), {
      name: "SlipwayError",
      message: /^The kubeconfig \S+none cannot be read: ENOENT: no such file or directory/,
    });
  });

  for (const [title, text] of [
    ["an empty file", ""],
    ["a context that does not exist", "current-context: other\ncontexts: []\n"],
    [
      "a context without its cluster",
      "current-context: a\ncontexts: [{name: a, context: {cluster: b, user: c}}]\n",
    ],
  ] as const) {
    it(`refuses ${title}`, () => {
      writeFileSync(path, text);
      assert.throws(() => apiServer(path), {
        message: `The kubeconfig ${path} names no server: set its current-context to one of its contexts.`,
      });
    });
  }
});
