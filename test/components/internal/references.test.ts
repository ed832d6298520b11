import assert from "node:assert";
import { imageProblem, isIpv4Cidr, parseOciSource } from "../../../components/internal/references";
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

  it("tells an IPv4 range from other texts", () => {
    for (const range of ["0.0.0.0/0", "10.0.0.0/8", "1.2.3.4/32"]) assert.ok(isIpv4Cidr(range), range);
    for (const text of ["", "10.0.0.0", "10.0.0.0/33", "10.0.0/8", "256.0.0.0/8", "::/0", "10.0.0.0/8/8"]) {
      assert.ok(!isIpv4Cidr(text), text);
    }
  });
});
