import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const FILES: Readonly<Record<string, string>> = {
  ".dockerignore": "*\n!runtime\n",
  ".npmrc": "ignore-scripts=true\n",
  Dockerfile: "FROM scratch\n",
  "package-lock.json": "{}\n",
  "package.json": '{"version":"1.2.3"}\n',
  "runtime/main.ts": "export {};\n",
  "runtime/rest/server.ts": "export {};\n",
  "toolchain/image/bundle.ts": "export {};\n",
  "tsconfig.json": "{}\n",
};

/** The files of a checkout that an image is made of, as small as can be. */
export class Checkout {
  readonly folder = mkdtempSync(join(tmpdir(), "slipway-checkout-"));

  constructor() {
    for (const [path, text] of Object.entries(FILES)) this.write(path, text);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  /** The same files elsewhere. */
  copy(): Checkout {
    const copy = new Checkout();
    cpSync(this.folder, copy.folder, { recursive: true });
    return copy;
  }

  remove(path = ""): void {
    rmSync(join(this.folder, path), { recursive: true });
  }
}
