import assert from "node:assert/strict";
import { isUnreadableStore } from "../../../toolchain/cluster/etcd-failure";

const CASES: readonly [title: string, log: string, unreadable: boolean][] = [
  ["a write-ahead log with wrong sums", '"msg":"discovery failed","error":"walpb: crc mismatch"', true],
  [
    "a database full of noise",
    "panic: assertion failed\n\tgo.etcd.io/etcd/etcdserver/backend.go:73 +0x12a",
    true,
  ],
  ["a database of another kind", '"error":"invalid database"', true],
  ["a full disk", '"msg":"wal: failed to write","error":"no space left on device"', false],
  ["a port that is taken", '"error":"listen tcp 10.213.77.2:2379: bind: address already in use"', false],
  ["a bad certificate", '"error":"tls: failed to find any PEM data in certificate input"', false],
  ["a slow disk", '"msg":"slow fdatasync","took":"2.1s"', false],
  ["nothing at all", "", false],
];

describe("isUnreadableStore", () => {
  for (const [title, log, unreadable] of CASES) {
    it(`says ${unreadable ? "yes" : "no"} to ${title}`, () =>
      assert.equal(isUnreadableStore(log), unreadable));
  }
});
