import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SignJWT } from "jose";
import { GatewayClient, inferPath } from "../../cli/gateway-client";
import { randomInputs } from "../../cli/up/proof-inputs";
import { runDirectly, TOLERANCE } from "../../cli/up/proof";
import { requireSession } from "../../cli/local-session";
import { packModels } from "../../toolchain/models";
import { silent } from "../../toolchain/progress";
import { readOutputs, readToken, runCommand, slipway, type Outputs } from "../support/slipway";

describe("the gateway", () => {
  let outputs: Outputs;
  let client: GatewayClient;
  const dir = mkdtempSync(join(tmpdir(), "slipway-e2e-"));
  const request = JSON.stringify({ inputs: randomInputs("silero-vad") });

  before(async () => {
    outputs = await readOutputs();
    client = new GatewayClient(outputs);
  });
  after(async () => {
    await client?.close();
    rmSync(dir, { recursive: true });
  });

  for (const model of ["pp-ocrv4-rec", "silero-vad"]) {
    it(`gives the numbers of onnxruntime for ${model}`, async () => {
      const packed = (await packModels(silent)).find(({ name }) => name === model)!;
      const body = JSON.stringify({ inputs: randomInputs(model) });
      const file = join(dir, `${model}.json`);
      writeFileSync(file, body);
      const { status, stdout, stderr } = await slipway(["infer", model, "--input", file]);
      assert.equal(status, 0, stderr);
      const { outputs: actual } = JSON.parse(stdout) as { outputs: { name: string; data: number[] }[] };
      for (const { name, data } of await runDirectly(packed.path, body)) {
        const got = actual.find((output) => output.name === name)!.data;
        assert.equal(got.length, data.length);
        data.forEach((want, i) =>
          assert.ok(Math.abs(got[i]! - want) <= TOLERANCE * Math.max(1, Math.abs(want))),
        );
      }
    });
  }

  it("answers 401 without a token, on every path", async () => {
    for (const path of [inferPath("silero-vad"), "/v2/models/silero-vad", "/v2/models/pp-ocrv4-rec/ready"]) {
      const body = path.endsWith("/infer") ? request : undefined;
      assert.equal((await client.call(path, { body })).status, 401, path);
    }
  });

  it("answers 401 to a token that it did not issue, that expired, or that is for somebody else", async () => {
    const session = requireSession();
    const good = await readToken();
    const header = { alg: "ES256", kid: session.tokenKeyId };
    const foreign = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    const own = (await import("jose")).importPKCS8(readFileSync(session.tokenKey, "utf8"), "ES256");
    const claims = (audience: string, expires: number) =>
      new SignJWT({ scope: "infer" })
        .setProtectedHeader(header)
        .setIssuer(session.tokenIssuer)
        .setAudience(audience)
        .setExpirationTime(expires);
    const soon = Math.floor(Date.now() / 1000) + 600;
    const tokens = {
      "foreign key": await claims("slipway", soon).sign(foreign),
      expired: await claims("slipway", soon - 7200).sign(await own),
      "other audience": await claims("somebody", soon).sign(await own),
      unsigned: `${Buffer.from('{"alg":"none"}').toString("base64url")}.${good.split(".")[1]}.`,
      malformed: "abc",
    };
    for (const [name, token] of Object.entries(tokens)) {
      const { status } = await client.call(inferPath("silero-vad"), { token, body: request });
      assert.ok(status === 401 || (name === "other audience" && status === 403), `${name}: ${status}`);
    }
    assert.equal((await client.call(inferPath("silero-vad"), { token: good, body: request })).status, 200);
  });

  it("answers 403 to a token without the scope", async () => {
    const token = await readToken("--scope", "metrics");
    assert.equal((await client.call(inferPath("silero-vad"), { token, body: request })).status, 403);
  });

  it("is refused by a client that trusts another authority", async () => {
    const { status } = await runCommand("curl", ["--silent", "--max-time", "10", `${outputs.endpoint}/v2`]);
    assert.equal(status, 60, "curl's exit code for a certificate that cannot be verified");
  });

  it("speaks no plain HTTP", async () => {
    const url = `${outputs.endpoint.replace("https", "http")}/v2/models/silero-vad`;
    const { stdout } = await runCommand("curl", [
      "--silent",
      "--max-time",
      "10",
      "-o",
      "/dev/null",
      "-w",
      "%{http_code}",
      url,
    ]);
    assert.equal(stdout, "000");
  });

  it("speaks no TLS older than 1.2", async () => {
    const { status } = await runCommand("curl", [
      "--silent",
      "--max-time",
      "10",
      "--tls-max",
      "1.1",
      "--cacert",
      outputs.caCertificate,
      `${outputs.endpoint}/v2`,
    ]);
    assert.equal(status, 35, "curl's exit code for a failed handshake");
  });

  it("passes on the server's own sentence about a wrong request", async () => {
    const { status, stderr } = await slipway(["infer", "silero-vad", "--input", "-"], {
      input: '{"inputs":[]}',
    });
    assert.equal(status, 1);
    assert.match(stderr, /^error: .*input.* \(HTTP 400\)\n$/);
  });
});
