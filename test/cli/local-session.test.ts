import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  forgetSession,
  hasSession,
  localDir,
  requireSession,
  saveSession,
  type LocalSession,
} from "../../cli/local-session";

const SESSION: LocalSession = {
  endpoint: "https://localhost:8443",
  caCertificate: "/state/ca.pem",
  kubeconfig: "/state/kubeconfig",
  prometheus: "http://slipway:password@127.0.0.1:9090",
  alertmanager: null,
  models: [],
  tokenKey: "/state/key.pem",
  tokenKeyId: "1",
  tokenIssuer: "https://slipway.local",
};

const modeOf = (path: string) => statSync(path).mode & 0o777;

describe("local session", () => {
  const { SLIPWAY_STATE_DIR } = process.env;
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-session-"));
    process.env.SLIPWAY_STATE_DIR = folder;
  });

  afterEach(() => {
    if (SLIPWAY_STATE_DIR === undefined) delete process.env.SLIPWAY_STATE_DIR;
    else process.env.SLIPWAY_STATE_DIR = SLIPWAY_STATE_DIR;
    rmSync(folder, { recursive: true });
  });

  it("is for its owner alone, with the password that it holds, also once it was let open", () => {
    saveSession(SESSION);
    const file = join(localDir(), "session.json");
    assert.deepEqual([modeOf(file), modeOf(localDir())], [0o600, 0o700]);
    chmodSync(file, 0o644);
    saveSession(SESSION);
    assert.equal(modeOf(file), 0o600);
    assert.deepEqual(readdirSync(localDir()), ["session.json"]);
  });

  it("is there until it is forgotten", () => {
    saveSession(SESSION);
    assert.deepEqual(requireSession(), SESSION);
    forgetSession();
    assert.equal(hasSession(), false);
    assert.throws(() => requireSession("; or name a cluster"), {
      message: "nothing is up; `npm run up` starts the local stack; or name a cluster",
    });
  });
});
