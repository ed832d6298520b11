import { ETCD_CLIENT_PORT, ETCD_PEER_PORT, NODE_IP } from "../settings";
import type { Component } from "./component";

/** History that is kept for watchers which fall behind; the API server needs minutes of it at most. */
const COMPACTION = ["--auto-compaction-mode=periodic", "--auto-compaction-retention=10m"];

export const ETCD_URL = `https://${NODE_IP}:${ETCD_CLIENT_PORT}`;

export const etcd: Component = ({ layout, pki, tools, unsafeFsync }) => {
  const peerUrl = `http://127.0.0.1:${ETCD_PEER_PORT}`;
  return {
    name: "etcd",
    command: tools.path("etcd"),
    args: [
      "--name=slipway",
      `--data-dir=${layout.etcd}`,
      `--listen-client-urls=${ETCD_URL}`,
      `--advertise-client-urls=${ETCD_URL}`,
      `--listen-peer-urls=${peerUrl}`,
      `--initial-advertise-peer-urls=${peerUrl}`,
      `--initial-cluster=slipway=${peerUrl}`,
      `--cert-file=${pki.etcdServer.certPath}`,
      `--key-file=${pki.etcdServer.keyPath}`,
      `--trusted-ca-file=${pki.etcdCa.certPath}`,
      "--client-cert-auth",
      "--log-level=warn",
      "--logger=zap",
      ...COMPACTION,
      ...(unsafeFsync ? ["--unsafe-no-fsync"] : []),
    ],
    files: [pki.etcdServer.certPath, pki.etcdCa.certPath],
  };
};
