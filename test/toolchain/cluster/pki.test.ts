import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer, connect } from "node:tls";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { kubeconfigFor } from "../../../toolchain/cluster/kubeconfig";
import { ensurePki } from "../../../toolchain/cluster/pki";

const DAY_MS = 24 * 3600 * 1000;

describe("ensurePki", () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), "slipway-pki-"))));
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("keeps what it made", async () => {
    const first = await ensurePki(dir);
    assert.deepEqual(await ensurePki(dir), first);
  });

  it("keeps private keys from other users", async () => {
    const { ca, admin, serviceAccount } = await ensurePki(dir);
    for (const path of [ca.keyPath, admin.keyPath, serviceAccount.keyPath]) {
      assert.equal(statSync(path).mode & 0o777, 0o600, path);
    }
  });

  it("gives every certificate more than a year", async () => {
    const pki = await ensurePki(dir);
    for (const credential of Object.values(pki)) {
      if (!("cert" in credential)) continue;
      const left = new Date(new X509Certificate(credential.cert).validTo).getTime() - Date.now();
      assert.ok(left > 366 * DAY_MS, credential.certPath);
    }
  });

  it("names the API server by all its addresses", async () => {
    const { apiServer } = await ensurePki(dir);
    const certificate = new X509Certificate(apiServer.cert);
    for (const ip of ["127.0.0.1", "10.213.77.2", "10.96.0.1"]) assert.equal(certificate.checkIP(ip), ip);
    assert.ok(certificate.checkHost("kubernetes.default.svc.cluster.local"));
  });

  it("renews certificates near their end, and keeps authorities and the key of service accounts", async () => {
    const first = await ensurePki(dir);
    const later = await ensurePki(dir, new Date(Date.now() + 700 * DAY_MS));
    assert.notEqual(later.apiServer.cert, first.apiServer.cert);
    assert.equal(later.ca.cert, first.ca.cert);
    assert.deepEqual(later.serviceAccount, first.serviceAccount);
  });

  it("makes a damaged certificate anew, and with an authority all that it signed", async () => {
    const first = await ensurePki(dir);
    writeFileSync(first.scheduler.certPath, "-----BEGIN CERTIFICATE-----\nnonsense");
    const second = await ensurePki(dir);
    assert.notEqual(second.scheduler.cert, first.scheduler.cert);
    assert.equal(second.admin.cert, first.admin.cert);
    writeFileSync(first.ca.keyPath, readFileSync(first.etcdCa.keyPath));
    const third = await ensurePki(dir);
    assert.notEqual(third.ca.cert, first.ca.cert);
    assert.notEqual(third.admin.cert, first.admin.cert);
    assert.equal(third.etcdServer.cert, first.etcdServer.cert);
  });

  it("makes certificates that TLS takes on both sides, and refuses one of another authority", async () => {
    const { ca, etcdCa, apiServer, admin, etcdClient } = await ensurePki(dir);
    const server = createServer(
      { ca: ca.cert, cert: apiServer.cert, key: apiServer.key, requestCert: true, rejectUnauthorized: true },
      (socket) => {
        const { subject } = socket.getPeerCertificate();
        socket.on("error", () => undefined).end(`${subject.CN} in ${subject.O}`);
      },
    );
    server.on("tlsClientError", () => undefined);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    try {
      const ask = async (client: { cert: string; key: string }) => {
        const socket = connect({ host: "127.0.0.1", port, ca: ca.cert, cert: client.cert, key: client.key });
        const closed = once(socket, "close").then(() =>
          Promise.reject(new Error("closed without an answer")),
        );
        const [data] = (await Promise.race([once(socket, "data"), closed])) as [Buffer];
        closed.catch(() => undefined);
        return data.toString();
      };
      assert.equal(await ask(admin), "slipway-admin in system:masters");
      await assert.rejects(ask(etcdClient));
      assert.notEqual(etcdCa.cert, ca.cert);
    } finally {
      server.close();
    }
  });
});

describe("kubeconfigFor", () => {
  it("carries certificates and key in itself", async () => {
    const dir = mkdtempSync(join(tmpdir(), "slipway-pki-"));
    try {
      const { ca, admin } = await ensurePki(dir);
      const config = JSON.parse(kubeconfigFor(ca, admin, "me")) as {
        clusters: [{ cluster: Record<string, string> }];
        users: [{ name: string; user: Record<string, string> }];
      };
      const decode = (text: string | undefined) => Buffer.from(text ?? "", "base64").toString();
      assert.equal(config.clusters[0].cluster.server, "https://10.213.77.2:6443");
      assert.equal(decode(config.clusters[0].cluster["certificate-authority-data"]), ca.cert);
      assert.equal(config.users[0].name, "me");
      assert.equal(decode(config.users[0].user["client-key-data"]), admin.key);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
});
