import assert from "node:assert/strict";
import { parseReference } from "../../../runtime/pull/reference";

describe("parseReference", () => {
  it("knows each form", () => {
    const digest = `sha256:${"0".repeat(64)}`;
    assert.deepEqual(parseReference(`oci://host:5000/a/b@${digest}`), {
      kind: "oci",
      registry: "host:5000",
      repository: "a/b",
      digest,
    });
    assert.deepEqual(parseReference("s3://bucket/a b/model/"), {
      kind: "s3",
      bucket: "bucket",
      key: "a b/model",
    });
    assert.deepEqual(parseReference("https://host/m.onnx?k=v#x"), {
      kind: "web",
      url: new URL("https://host/m.onnx?k=v"),
    });
    assert.deepEqual(parseReference("file:/a/b"), { kind: "file", path: "/a/b" });
  });

  it("refuses addresses with a password, and files whose name does not say what they are", () => {
    assert.throws(() => parseReference("https://ana:pw@host/m.onnx"), {
      name: "UsageError",
      message:
        "The model source (https://host/m.onnx) must not hold a password; `--registry-auth-file` takes those.",
    });
    assert.throws(() => parseReference("https://host/m.zip?k=v"), {
      name: "UsageError",
      message:
        "The model source (https://host/m.zip) must be a file that ends in .onnx, .tar, .tar.gz, .tgz.",
    });
  });

  it("wants a digest", () => {
    for (const source of ["oci://host/repo:latest", "oci://host/repo", "oci://host/repo@sha256:abc"]) {
      assert.throws(() => parseReference(source), {
        message: `The model source (${source}) must be \`oci://<registry>/<repository>@sha256:<64 hex digits>\`, \`https://<host>/<path>\`, \`s3://<bucket>/<prefix>\` or \`file:<path>\`.`,
      });
    }
  });
});
