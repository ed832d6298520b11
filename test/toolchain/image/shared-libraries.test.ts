import assert from "node:assert/strict";
import { sharedLibraries } from "../../../toolchain/image";
import { parseLdd } from "../../../toolchain/image/shared-libraries";

describe("parseLdd", () => {
  it("takes libraries and the interpreter, and leaves out what the kernel maps", () => {
    const output = `\tlinux-vdso.so.1 (0x00007ffd)
\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f22)
\t/lib64/ld-linux-x86-64.so.2 (0x00007f23)
`;
    assert.deepEqual(parseLdd(output), ["/lib/x86_64-linux-gnu/libc.so.6", "/lib64/ld-linux-x86-64.so.2"]);
  });

  it("takes nothing from a static program", () => {
    assert.deepEqual(parseLdd("\tstatically linked\n"), []);
  });

  it("names a library that is not installed", () => {
    assert.throws(() => parseLdd("\tlibfoo.so.1 => not found\n"), {
      message: "The shared library libfoo.so.1 is not installed",
    });
  });
});

describe("sharedLibraries", () => {
  it("finds what the running Node needs, real files under the loader's paths", () => {
    const files = sharedLibraries(process.execPath);
    const libc = files.find(({ path }) => /\/libc\.so\.6$|\/libc\.musl/.test(path));
    assert.ok(libc?.source, `no C library among ${files.map(({ path }) => path).join(", ")}`);
  });
});
