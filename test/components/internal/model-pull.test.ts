import assert from "node:assert";
import { pullContainer, pullContainerName, pullVolumes } from "../../../components/internal/model-pull";
import { isDnsLabel } from "../../../components/internal/validation";
import { IMAGE, model } from "../support/examples";

describe("model pull", () => {
  it("names the version, its source and its digest", () => {
    const { args, env } = pullContainer(model("pp-ocrv4-rec", "4"), IMAGE, {
      env: [{ name: "A", value: "1" }],
      sourceOf: ({ source }) => `${source}!`,
    });
    const { source, sha256 } = model("pp-ocrv4-rec", "4");
    assert.deepEqual((args as string[]).slice(-5), ["--version", "4", "--sha256", sha256, `${source}!`]);
    assert.deepEqual(env, [{ name: "A", value: "1" }]);
  });

  it("mounts the claim that holds the models, read-only", () => {
    const access = { env: [], sourceOf: () => "file:///x", claim: { claimName: "c", mountPath: "/claim" } };
    const mounts = pullContainer(model("a"), IMAGE, access).volumeMounts as { name: string }[];
    assert.deepEqual(mounts[2], { name: "repository", mountPath: "/claim", readOnly: true });
  });

  it("mounts a token for those who give credentials, renewed every hour", () => {
    const token = { volume: "t", mountPath: "/token", file: "f", audience: "a", podAnnotations: {} };
    const access = { env: [], sourceOf: () => "s3://b/k", token };
    const mounts = pullContainer(model("a"), IMAGE, access).volumeMounts as { name: string }[];
    assert.deepEqual(mounts[2], { name: "t", mountPath: "/token", readOnly: true });
    const serviceAccountToken = { audience: "a", path: "f", expirationSeconds: 3600 };
    assert.deepEqual(pullVolumes(access), [{ name: "t", projected: { sources: [{ serviceAccountToken }] } }]);
    assert.deepEqual(pullVolumes({ claim: { claimName: "c", mountPath: "/claim" } }), [
      { name: "repository", persistentVolumeClaim: { claimName: "c", readOnly: true } },
    ]);
    assert.deepEqual(pullVolumes({}), []);
  });

  it("makes a container name of every model name, and keeps them apart", () => {
    const names = ["a", "A", "a_b", "a.b", "a".repeat(63), `${"a".repeat(62)}b`].map((name) =>
      pullContainerName({ name, version: "1" }),
    );
    for (const name of names) assert.ok(isDnsLabel(name), name);
    assert.equal(new Set(names).size, names.length);
    assert.equal(names[0], "pull-a-1");
  });
});
