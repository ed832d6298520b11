import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { extract } from "tar-stream";
import { gunzipSync } from "node:zlib";
import { buildImage, type BuiltImage, type ImageSpec } from "../../../toolchain/image";
import { withParents } from "../../../toolchain/image/layer";

describe("buildImage", () => {
  let dir: string;
  let source: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "slipway-image-"));
    source = join(dir, "program");
    writeFileSync(source, "#!/bin/sh\n", { mode: 0o750 });
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const spec = (change: Partial<ImageSpec> = {}): ImageSpec => ({
    name: "test/image",
    layers: [
      [
        { path: "/usr/bin/program", source },
        { path: "/etc/motd", content: "hello\n", uid: 65532 },
        { path: "/bin/program", linkTarget: "/usr/bin/program" },
        { path: "/tmp", directory: true, mode: 0o1777 },
      ],
    ],
    config: { Entrypoint: ["/usr/bin/program"], User: "65532" },
    ...change,
  });

  it("gives the same digest whatever the order of files, their times and the cache folder", async () => {
    const first = await buildImage(spec(), join(dir, "a"));
    utimesSync(source, new Date(1), new Date(2));
    const turned = spec({ layers: [[...spec().layers[0]!].reverse()] });
    const second = await buildImage(turned, join(dir, "b"));
    assert.equal(second.digest, first.digest);
    assert.notEqual(second.dir, first.dir);
  });

  it("gives another digest when a file's content changes", async () => {
    const first = await buildImage(spec(), dir);
    writeFileSync(source, "#!/bin/sh\nexit 1\n");
    const second = await buildImage(spec(), dir);
    assert.notEqual(second.digest, first.digest);
  });

  it("clears what a killed run left half-written, and not what is being written", async () => {
    const { dir: built } = await buildImage(spec(), dir);
    for (const name of ["old", "new"]) mkdirSync(`${built}.partial-${name}`);
    const longAgo = new Date(Date.now() - 2 * 3_600_000);
    utimesSync(`${built}.partial-old`, longAgo, longAgo);
    await buildImage(spec(), dir);
    assert.deepEqual(
      readdirSync(join(dir, "images"))
        .map((name) => name.replace(/^.*(?=\.partial-)/, ""))
        .sort(),
      [".partial-new", basename(built)],
    );
  });

  it("does not build again what the cache holds", async () => {
    const first = await buildImage(spec(), dir);
    rmSync(join(first.dir, "blobs"), { recursive: true });
    assert.deepEqual(await buildImage(spec(), dir), first);
    assert.equal(readdirSync(first.dir).includes("blobs"), false);
  });

  it("builds again what an interrupted run left half-made", async () => {
    const first = await buildImage(spec(), dir);
    rmSync(join(first.dir, "built.json"));
    rmSync(join(first.dir, "blobs"), { recursive: true });
    assert.deepEqual(await buildImage(spec(), dir), first);
    assert.equal(readdirSync(join(first.dir, "blobs", "sha256")).length, 3);
  });

  it("keeps three versions of an image, and other images whose names begin alike", async () => {
    await buildImage(spec({ name: "test/image-other" }), dir);
    const images: BuiltImage[] = [];
    for (const content of ["1", "2", "3", "4"]) {
      images.push(await buildImage(spec({ layers: [[{ path: "/a", content }]] }), dir));
      utimesSync(images.at(-1)!.dir, new Date(), new Date(Date.now() - 60_000 + images.length * 1000));
    }
    const kept = readdirSync(join(dir, "images"));
    assert.equal(kept.length, 4);
    assert.equal(kept.includes(basename(images[0]!.dir)), false);
  });

  it("lets two runs at once make the same image", async () => {
    const [first, second] = await Promise.all([buildImage(spec(), dir), buildImage(spec(), dir)]);
    assert.deepEqual(second, first);
  });

  it("writes entries with parents, numbers for owners and no times", async () => {
    const image = await buildImage(spec(), dir);
    const entries = await layerEntries(image);
    assert.deepEqual(
      entries.map(({ name, type, mode, uid }) => [name, type, mode, uid]),
      [
        ["bin/", "directory", 0o755, 0],
        ["bin/program", "symlink", 0o777, 0],
        ["etc/", "directory", 0o755, 0],
        ["etc/motd", "file", 0o644, 65532],
        ["tmp/", "directory", 0o1777, 0],
        ["usr/", "directory", 0o755, 0],
        ["usr/bin/", "directory", 0o755, 0],
        ["usr/bin/program", "file", 0o755, 0],
      ],
    );
    assert.ok(entries.every(({ mtime }) => mtime === 0));
    assert.equal(image.unpackedBytes, "#!/bin/sh\n".length + "hello\n".length);
  });

  it("compresses on demand and lists the digest of what is inside", async () => {
    const plain = await buildImage(spec(), dir);
    const packed = await buildImage(spec({ compression: "gzip" }), dir);
    const [{ digest }] = manifestOf(packed).layers as [{ digest: string }];
    const layer = gunzipSync(readFileSync(blob(packed, digest)));
    assert.deepEqual(layer, readFileSync(blob(plain, manifestOf(plain).layers[0]!.digest)));
    assert.ok(packed.sizeBytes < plain.sizeBytes);
  });

  it("keeps layers apart", async () => {
    const files = spec().layers[0]!;
    const image = await buildImage(spec({ layers: [files.slice(0, 1), files.slice(1)] }), dir);
    assert.equal(manifestOf(image).layers.length, 2);
  });

  it("says which path is not absolute", async () => {
    mkdirSync(join(dir, "c"));
    await assert.rejects(
      buildImage(spec({ layers: [[{ path: "etc/motd", content: "" }]] }), join(dir, "c")),
      {
        message: 'Expected an absolute path of an image file, got "etc/motd"',
      },
    );
    assert.deepEqual(readdirSync(join(dir, "c", "images")), []);
  });
});

describe("withParents", () => {
  it("takes the last one of two files with the same path", () => {
    const files = withParents([
      { path: "/a/b", content: "1" },
      { path: "/a/./b", content: "2" },
    ]);
    assert.deepEqual(
      files.map(({ path, content }) => [path, content]),
      [
        ["/a", undefined],
        ["/a/b", "2"],
      ],
    );
  });

  it("keeps a folder that was given with its own mode", () => {
    const files = withParents([
      { path: "/a/b", content: "" },
      { path: "/a/", directory: true, mode: 0o700 },
    ]);
    assert.deepEqual(files[0], { path: "/a", directory: true, mode: 0o700 });
  });
});

const blob = (image: BuiltImage, digest: string) => join(image.dir, "blobs", "sha256", digest.slice(7));

function manifestOf(image: BuiltImage): { layers: { digest: string }[] } {
  return JSON.parse(readFileSync(blob(image, image.digest), "utf8")) as { layers: { digest: string }[] };
}

interface Entry {
  name: string;
  type: string;
  mode: number;
  uid: number;
  mtime: number;
}

function layerEntries(image: BuiltImage): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    const tar = extract();
    tar.on("entry", (header, stream, next) => {
      const { name, type, mode, uid, mtime } = header;
      entries.push({ name, type: type!, mode: mode!, uid: uid!, mtime: mtime!.getTime() });
      stream.on("end", next).resume();
    });
    tar.on("finish", () => resolve(entries));
    tar.on("error", reject);
    tar.end(readFileSync(blob(image, manifestOf(image).layers[0]!.digest)));
  });
}
