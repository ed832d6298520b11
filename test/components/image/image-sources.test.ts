import assert from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  imageFingerprint,
  installFingerprint,
  missingSources,
  SOURCES,
} from "../../../components/image/image-sources";
import { Checkout } from "./checkout";

const ROOT = join(__dirname, "../../..");
const lines = (file: string): string[] => readFileSync(join(ROOT, file), "utf8").split("\n");

describe("sources of an image", () => {
  let checkout!: Checkout;
  beforeEach(() => (checkout = new Checkout()));
  afterEach(() => checkout.remove());

  it("are the Dockerfile and what it copies", () => {
    const copied = lines("Dockerfile")
      .filter((line) => /^COPY (?!--from)/.test(line))
      .flatMap((line) => line.split(/\s+/).slice(1, -1));
    assert.deepEqual([...SOURCES], ["Dockerfile", ".dockerignore", ...copied].sort());
  });

  it("are what the build gets to see", () => {
    const seen = lines(".dockerignore").filter((line) => line.startsWith("!"));
    const own = ["!Dockerfile", "!.dockerignore"];
    assert.deepEqual([...seen, ...own].sort(), SOURCES.map((source) => `!${source}`).sort());
  });

  it("say which of them a folder lacks", () => {
    checkout.remove("runtime");
    checkout.remove("Dockerfile");
    assert.deepEqual(missingSources(checkout.folder), ["Dockerfile", "runtime"]);
    assert.deepEqual(missingSources(ROOT), []);
  });

  it("have the same fingerprint in any folder", () => {
    const copy = checkout.copy();
    assert.equal(imageFingerprint(copy.folder, ["cpu"]), imageFingerprint(checkout.folder, ["cpu"]));
    assert.match(imageFingerprint(copy.folder, []), /^[0-9a-f]{16}$/);
    copy.remove();
  });

  const changes: [string, (changed: Checkout) => void][] = [
    ["a file's content", (changed) => changed.write("runtime/rest/server.ts", "export const a = 1;\n")],
    ["a new file", (changed) => changed.write("toolchain/errors.ts", "")],
    ["a file that is gone", (changed) => changed.remove("runtime/main.ts")],
    [
      "a file's name",
      (changed) => {
        changed.remove("runtime/main.ts");
        changed.write("runtime/start.ts", "export {};\n");
      },
    ],
  ];
  for (const [what, change] of changes) {
    it(`have another fingerprint for ${what}, but not what is installed`, () => {
      const before = [imageFingerprint(checkout.folder, []), installFingerprint(checkout.folder, [])];
      change(checkout);
      assert.notEqual(imageFingerprint(checkout.folder, []), before[0]);
      assert.equal(installFingerprint(checkout.folder, []), before[1]);
    });
  }

  it("have another fingerprint for other settings, and for other packages", () => {
    const before = [imageFingerprint(checkout.folder, ["cpu"]), installFingerprint(checkout.folder, [])];
    assert.notEqual(imageFingerprint(checkout.folder, ["cuda"]), before[0]);
    checkout.write("package-lock.json", '{"packages":{}}\n');
    assert.notEqual(imageFingerprint(checkout.folder, ["cpu"]), before[0]);
    assert.notEqual(installFingerprint(checkout.folder, []), before[1]);
  });

  it("leave aside what the build does not see", () => {
    const before = imageFingerprint(checkout.folder, []);
    checkout.write("README.md", "text\n");
    assert.equal(imageFingerprint(checkout.folder, []), before);
  });
});
