import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { pack, type Header } from "tar-stream";
import { fetchModel, type FetchOptions } from "../../../runtime/pull/fetch-model";
import { PullFailure } from "../../../runtime/pull/pull-failure";
import { parseReference } from "../../../runtime/pull/reference";
import { modelFolder } from "../support/model-folder";

type Entry = Partial<Header> & { name: string; content?: string };

async function tar(entries: readonly Entry[]): Promise<Buffer> {
  const archive = pack();
  for (const { content = "", ...header } of entries) archive.entry(header as Header, content);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const sha256Of = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

describe("pull of an archive", () => {
  /** Pulls from a file of this machine: the archive is unpacked the same way wherever it came from. */
  function pull(
    archive: Buffer,
    to: string,
    name = "ocr.tar",
    options: Partial<FetchOptions> = {},
  ): Promise<string> {
    const from = modelFolder({ [name]: archive });
    return fetchModel(parseReference(`file:${from}/${name}`), { to, insecureRegistries: [], ...options });
  }

  async function refusal(entries: readonly Entry[], options: Partial<FetchOptions> = {}): Promise<string> {
    return refusalOf(await tar(entries), "ocr.tar", options);
  }

  async function refusalOf(
    archive: Buffer,
    name: string,
    options: Partial<FetchOptions> = {},
  ): Promise<string> {
    const to = modelFolder({});
    const failure = await pull(archive, to, name, options).then(
      () => assert.fail("the pull went through"),
      (error: unknown) => error,
    );
    assert.ok(failure instanceof PullFailure, String(failure));
    assert.deepEqual(readdirSync(to), [], "nothing may be left behind");
    return failure.message;
  }

  const one: Entry = { name: "1/model.onnx", content: "one" };
  const two: Entry = { name: "2/model.onnx", content: "two" };

  it("takes the content of a model's folder, named after the file", async () => {
    const to = modelFolder({});
    const archive = await tar([one, two, { name: "model.json", content: '{"instances":2}' }]);
    assert.equal(await pull(archive, to), join(to, "ocr"));
    assert.deepEqual(readdirSync(join(to, "ocr")).sort(), ["1", "2", "model.json"]);
    assert.equal(readFileSync(join(to, "ocr/2/model.onnx"), "utf8"), "two");
    assert.deepEqual(readdirSync(to), ["ocr"]);
  });

  it("takes the folder itself, and its name, from what GNU tar writes", async () => {
    const from = modelFolder({});
    mkdirSync(join(from, "text/1/text"), { recursive: true });
    writeFileSync(join(from, "text/1/model.onnx"), "one");
    writeFileSync(join(from, "text/1/text/vocabulary"), "a\nb");
    writeFileSync(join(from, "text/1/._model.onnx"), "left by a Mac");
    execFileSync("tar", ["-czf", "release.tgz", "./text"], { cwd: from });
    const to = modelFolder({});
    assert.equal(await pull(readFileSync(join(from, "release.tgz")), to, "release.tgz"), join(to, "text"));
    assert.deepEqual(readdirSync(join(to, "text/1")).sort(), ["model.onnx", "text"]);
    assert.equal(readFileSync(join(to, "text/1/text/vocabulary"), "utf8"), "a\nb");
  });

  it("installs the version that is asked for alone", async () => {
    const to = modelFolder({});
    await pull(await tar([one, two]), to, "ocr.tar", { version: "2" });
    assert.deepEqual(readdirSync(join(to, "ocr")), ["2"]);
  });

  it("takes --sha256 as that of the archive", async () => {
    const archive = await tar([one]);
    await pull(archive, modelFolder({}), "ocr.tar", { sha256: sha256Of(archive) });
    assert.match(
      await refusalOf(archive, "ocr.tar", { sha256: "0".repeat(64) }),
      new RegExp(
        `ocr.tar has the SHA-256 ${sha256Of(archive)}, but \`--sha256\` says 0{64}; nothing was installed.$`,
      ),
    );
  });

  const outside = (path: string) =>
    `The archive names a file (${path}) that is no plain path inside a model's folder.`;
  const cases: [string, Entry[], string][] = [
    ["a file above the folder", [one, { name: "../evil", content: "x" }], outside("../evil")],
    ["a way up in the middle", [one, { name: "1/../../evil", content: "x" }], outside("1/../../evil")],
    ["an absolute path", [one, { name: "/etc/evil", content: "x" }], outside("/etc/evil")],
    ["a path that is too deep", [{ name: "a/1/b/c/d/e", content: "x" }], outside("a/1/b/c/d/e")],
    [
      "a symbolic link",
      [one, { name: "2", type: "symlink", linkname: "/etc" }],
      "The archive holds a symlink (2); only files and folders are taken.",
    ],
    [
      "a hard link",
      [one, { name: "2/model.onnx", type: "link", linkname: "1/model.onnx" }],
      "The archive holds a link (2/model.onnx); only files and folders are taken.",
    ],
    [
      "a device",
      [{ name: "null", type: "character-device" }],
      "The archive holds a character-device (null); only files and folders are taken.",
    ],
    ["a file that is there twice", [one, one], "The archive holds a file twice."],
    [
      "an archive without a model",
      [{ name: "readme", content: "x" }],
      "The source holds no `<version>/model.onnx`.",
    ],
  ];
  for (const [what, entries, message] of cases) {
    it(`refuses ${what}`, async () => assert.equal(await refusal(entries), message));
  }

  it("refuses a small archive that unpacks to much", async () => {
    const bomb = gzipSync(await tar([{ name: "1/model.onnx", content: "\0".repeat(1_000_000) }]));
    assert.ok(bomb.length < 2000);
    assert.equal(
      await refusalOf(bomb, "ocr.tar.gz", { maxBytes: 100_000 }),
      "The archive unpacks to more than `--max-bytes` (100000).",
    );
  });

  it("refuses what is cut short, and what is no archive", async () => {
    const whole = gzipSync(await tar([{ name: "1/model.onnx", content: "x".repeat(5000) }]));
    assert.equal(
      await refusalOf(whole.subarray(0, whole.length - 20), "ocr.tgz"),
      "The archive cannot be read: unexpected end of file.",
    );
    assert.match(
      await refusalOf(Buffer.from("nothing"), "ocr.tgz"),
      /^The archive cannot be read: incorrect header check/,
    );
    assert.match(
      await refusalOf(Buffer.alloc(2000, 1), "ocr.tar"),
      /^The archive cannot be read: Invalid tar header/,
    );
  });

  it("takes a bare model of this machine, too", async () => {
    const to = modelFolder({});
    await pull(Buffer.from("model"), to, "ocr.onnx", { version: "5" });
    assert.equal(readFileSync(join(to, "ocr/5/model.onnx"), "utf8"), "model");
    assert.ok(existsSync(join(to, "ocr/model.json")));
  });
});
