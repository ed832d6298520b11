import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { projectRoot } from "../../../toolchain/paths";
import { TestAuthority } from "../support/certificates";
import { modelFolder } from "../support/model-folder";

describe("slipway pull over HTTPS", () => {
  const dir = modelFolder({});
  const authority = new TestAuthority(dir, "authority");
  const model = randomBytes(10_000);
  const sha256 = createHash("sha256").update(model).digest("hex");
  const server = createServer(authority.issue("server"), (request, response) => {
    response.writeHead(request.url === "/ocr.onnx?key=secret" ? 200 : 404).end(model);
  });
  before(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  after(() => server.close());

  /** The command as an operator runs it: authorities of one's own come from the environment. */
  async function pull(environment: NodeJS.ProcessEnv, ...argv: string[]) {
    const main = join(projectRoot, "runtime/main.ts");
    const child = spawn(process.execPath, ["-r", "tsx/cjs", main, "pull", ...argv], {
      cwd: projectRoot,
      env: { ...process.env, ...environment },
    });
    let text = "";
    child.stdout.on("data", (chunk) => (text += String(chunk)));
    child.stderr.on("data", (chunk) => (text += String(chunk)));
    const [code] = await once(child, "close");
    return { code, text };
  }

  it("trusts the authorities of NODE_EXTRA_CA_CERTS, and never prints what may be secret", async () => {
    const { port } = server.address() as AddressInfo;
    const to = modelFolder({});
    const source = `https://localhost:${port}/ocr.onnx`;
    const trusting = { NODE_EXTRA_CA_CERTS: authority.file };
    assert.deepEqual(await pull(trusting, "--to", to, "--sha256", sha256, `${source}?key=secret`), {
      code: 0,
      text: `${source} is in ${join(to, "ocr")}\n`,
    });
    assert.ok(existsSync(join(to, "ocr/1/model.onnx")));
  });

  it("does without, neither for a certificate by a stranger", async () => {
    const { port } = server.address() as AddressInfo;
    const to = modelFolder({});
    const source = `https://localhost:${port}/ocr.onnx`;
    const { code, text } = await pull({}, "--to", to, "--sha256", sha256, source);
    assert.equal(code, 1);
    assert.match(
      text,
      /^localhost:\d+ is not trusted \(.*certificate.*\); `NODE_EXTRA_CA_CERTS` names authorities of one's own\.\n$/,
    );
    assert.deepEqual(readdirSync(to), []);
  });
});
