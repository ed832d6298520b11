import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { localDir, requireSession } from "../../cli/local-session";
import { basicCredentials } from "../../rollout/gates/basic-credentials";
import { clusterLayout } from "../../toolchain/cluster/layout";
import { readOutputs, runCommand, type CommandResult } from "../support/slipway";

/** A cold machine compiles engine and cluster first. */
const COLD_UP_MS = 40 * 60_000;

describe("npm run up", () => {
  let up: CommandResult;

  before(async function () {
    this.timeout(COLD_UP_MS);
    // The layer ends without a stack, so it begins without one: a run that was killed may have left a rollout half-way.
    const down = await runCommand("npm", ["run", "--silent", "down"], { echo: true });
    assert.equal(down.status, 0, down.stderr.slice(-4000));
    up = await runCommand("npm", ["run", "--silent", "up"], { echo: true });
    assert.equal(up.status, 0, up.stderr.slice(-4000));
  });

  it("ends with a summary that names endpoint and models", () => {
    assert.match(up.stdout, /Slipway is up/);
    assert.match(up.stdout, /https:\/\/localhost:8443/);
    assert.match(up.stdout, /proven +pp-ocrv4-rec\/4: equal to onnxruntime within/);
    assert.match(up.stdout, /proven +silero-vad\/5: equal to onnxruntime within/);
  });

  it("prints a curl line that works as pasted", async () => {
    const line = up.stdout.split("\n").find((text) => text.trim().startsWith("curl "));
    assert.ok(line, up.stdout);
    const { status, stdout, stderr } = await runCommand("bash", [
      "-c",
      `${line} --silent --show-error --fail-with-body`,
    ]);
    assert.equal(status, 0, `${stdout}${stderr}`);
    const answer = JSON.parse(stdout) as { model_name: string; outputs: { name: string; shape: number[] }[] };
    assert.equal(answer.model_name, "silero-vad");
    assert.deepEqual(
      answer.outputs.map(({ name, shape }) => [name, shape]),
      [
        ["output", [1, 1]],
        ["stateN", [2, 1, 128]],
      ],
    );
  });

  it("writes outputs that other programs can rely on", async () => {
    const outputs = await readOutputs();
    assert.deepEqual(Object.keys(outputs), [
      "endpoint",
      "caCertificate",
      "kubeconfig",
      "prometheus",
      "alertmanager",
      "models",
    ]);
    assert.deepEqual(outputs.models.map(({ name }) => name).sort(), ["pp-ocrv4-rec", "silero-vad"]);
  });

  it("keeps what opens the stack its owner's alone: keys, passwords, kubeconfigs", async () => {
    const { kubeconfig, prometheus } = await readOutputs();
    const { root, pki, config } = clusterLayout();
    const { tokenKey, recordKey } = requireSession();
    const { password } = new URL(prometheus);
    const known = [
      kubeconfig,
      join(root, "cluster.json"),
      join(config, "monitoring-credentials.json"),
      join(config, "forwardings.json"),
      join(localDir(), "session.json"),
      tokenKey,
      recordKey!,
    ];
    // Whatever else holds a key or the password, by what is in it.
    const opening = new RegExp(`PRIVATE KEY|client-key-data|${password}`);
    const found = [root, pki, config, localDir()]
      .flatMap((folder) =>
        readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
          entry.isFile() ? [join(folder, entry.name)] : [],
        ),
      )
      .filter((file) => opening.test(readFileSync(file, "latin1")));
    assert.ok(found.length > 10, found.join("\n"));
    for (const file of new Set([...known, ...found])) assert.equal(statSync(file).mode & 0o077, 0, file);
  });

  it("has a node with disk to give: pods that ask for some find a place", async () => {
    const config = new KubeConfig();
    config.loadFromFile((await readOutputs()).kubeconfig);
    const { items } = await config.makeApiClient(CoreV1Api).listNode();
    assert.ok(items.length > 0);
    for (const { metadata, status } of items) {
      const disk = status!.allocatable!["ephemeral-storage"];
      assert.match(disk ?? "none", /^[1-9]/, metadata!.name);
    }
  });

  it("lets nobody ask Prometheus or Alertmanager who lacks the credentials of their addresses", async () => {
    const { prometheus, alertmanager } = await readOutputs();
    for (const [address, path] of [
      [prometheus, "/api/v1/query?query=up"],
      [alertmanager, "/api/v2/status"],
    ] as const) {
      const { url, headers } = basicCredentials(address);
      const anonymous = await fetch(new URL(path, url));
      assert.equal(anonymous.status, 401, `${path} without credentials`);
      assert.match(anonymous.headers.get("www-authenticate")!, /^Basic /);
      const wrong = { authorization: `Basic ${Buffer.from("slipway:guessed").toString("base64")}` };
      assert.equal((await fetch(new URL(path, url), { headers: wrong })).status, 401, `${path}, guessed`);
      assert.equal((await fetch(new URL(path, url), { headers })).status, 200, `${path} with credentials`);
    }
  });
});
