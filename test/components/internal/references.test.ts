import assert from "node:assert";
import {
  imageProblem,
  isBucketName,
  isIpv4Cidr,
  isModelFile,
  parseOciSource,
  parseS3Source,
  parseWebSource,
} from "../../../components/internal/references";
import { packagingOf, parseReference } from "../../../runtime/pull/reference";
import { DIGEST } from "../support/examples";

describe("references", () => {
  describe("imageProblem", () => {
    it("accepts a reference with a digest", () => {
      for (const reference of [`10.0.0.1:5000/a/b@${DIGEST}`, `ghcr.io/a/b:1.2@${DIGEST}`, `b@${DIGEST}`]) {
        assert.equal(imageProblem(reference), undefined);
      }
    });

    it("refuses a tag, since it can be moved", () => {
      const sentence = '"ghcr.io/a/b:1.2" must end in a digest (@sha256:<64 hex digits>): a tag can be moved';
      assert.equal(imageProblem("ghcr.io/a/b:1.2"), sentence);
    });

    it("refuses what is no reference", () => {
      for (const text of ["", " ", `a b@${DIGEST}`, `/a@${DIGEST}`])
        assert.match(imageProblem(text)!, /is not an image reference$/);
    });
  });

  describe("parseOciSource", () => {
    it("takes a source apart", () => {
      assert.deepEqual(parseOciSource(`oci://10.213.77.2:5000/models/a@${DIGEST}`), {
        host: "10.213.77.2",
        port: 5000,
        registry: "10.213.77.2:5000",
        repository: "models/a",
        digest: DIGEST,
      });
    });

    it("takes port 443 where none is named", () => {
      const source = parseOciSource(`oci://registry.example.com/a@${DIGEST}`);
      assert.equal(source?.port, 443);
      assert.equal(source?.registry, "registry.example.com");
    });

    it("knows nothing of other forms", () => {
      const wrong = [
        "",
        "oci://host",
        `https://host/a@${DIGEST}`,
        "oci://host/a:1",
        `oci://host/A@${DIGEST}`,
        `oci:///a@${DIGEST}`,
      ];
      for (const source of wrong) assert.equal(parseOciSource(source), undefined, source);
    });
  });

  describe("parseWebSource", () => {
    it("takes an address apart", () => {
      assert.deepEqual(parseWebSource("https://models.example.com:8443/a/b.onnx"), {
        host: "models.example.com",
        port: 8443,
      });
      assert.equal(parseWebSource("https://h/m.tgz")?.port, 443);
    });

    it("knows nothing of other forms", () => {
      const wrong = [
        "",
        "http://h/m.onnx",
        "https://h/m.zip",
        "https://h/m",
        "https://u:p@h/m.onnx",
        "https://h/m.onnx?a=b",
        "https://h/m.onnx#a",
        "https://h/a b.onnx",
        "https://h:123456/m.onnx",
      ];
      for (const source of wrong) assert.equal(parseWebSource(source), undefined, source);
    });
  });

  describe("parseS3Source", () => {
    it("takes an object's address apart", () => {
      assert.deepEqual(parseS3Source("s3://acme-models/live/ocr"), {
        bucket: "acme-models",
        key: "live/ocr",
      });
    });

    it("knows nothing of other forms", () => {
      for (const source of ["", "s3://b/k", "s3://acme", "s3://acme/", "s3://Acme/k", "https://acme/k"]) {
        assert.equal(parseS3Source(source), undefined, source);
      }
    });
  });

  it("knows the names of buckets", () => {
    for (const name of ["abc", "a.b-c", "1".repeat(63)]) assert.ok(isBucketName(name), name);
    for (const name of ["", "ab", "Abc", "a_b", "-ab", "a..b", "a".repeat(64)])
      assert.ok(!isBucketName(name), name);
  });

  it("means what the server's pull means", () => {
    for (const path of ["m.onnx", "m.tar", "m.tar.gz", "m.tgz", "m", "m.zip", "m.onnx/1", "onnx"]) {
      assert.equal(isModelFile(path), packagingOf(path) !== undefined, path);
    }
    const sources = ["https://h:8443/a/m.onnx", "s3://acme-models/live/ocr/4/model.onnx"];
    assert.deepEqual(sources.map(parseReference), [
      { kind: "web", url: new URL("https://h:8443/a/m.onnx") },
      { kind: "s3", bucket: "acme-models", key: "live/ocr/4/model.onnx" },
    ]);
    assert.deepEqual(parseS3Source(sources[1]!), { bucket: "acme-models", key: "live/ocr/4/model.onnx" });
  });

  it("tells an IPv4 range from other texts", () => {
    for (const range of ["0.0.0.0/0", "10.0.0.0/8", "1.2.3.4/32"]) assert.ok(isIpv4Cidr(range), range);
    for (const text of ["", "10.0.0.0", "10.0.0.0/33", "10.0.0/8", "256.0.0.0/8", "::/0", "10.0.0.0/8/8"]) {
      assert.ok(!isIpv4Cidr(text), text);
    }
  });
});
