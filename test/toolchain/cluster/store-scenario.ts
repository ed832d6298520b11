import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureEtcd } from "../../../toolchain/cluster/control-plane";
import { clusterLayout, createFolders } from "../../../toolchain/cluster/layout";
import { readRecord, stopProcess } from "../../../toolchain/cluster/managed-process";
import { ensureNetwork } from "../../../toolchain/cluster/network";
import { ensurePki } from "../../../toolchain/cluster/pki";
import type { ClusterContext } from "../../../toolchain/cluster/processes/component";

/**
 * Runs in network and mount namespaces of its own (see store.e2e.ts), beside whatever cluster the machine runs. Prints, as
 * JSON, whether the store started empty in each situation, and the folders at the end.
 */
async function main(): Promise<void> {
  const layout = clusterLayout();
  createFolders(layout);
  await ensureNetwork();
  const notes: string[] = [];
  const context = {
    layout,
    pki: await ensurePki(layout.pki),
    tools: { path: (name: string) => `/usr/bin/${name}` },
    unsafeFsync: true,
    progress: { note: (line: string) => notes.push(line) },
  } as unknown as ClusterContext;
  const stop = async () => {
    const record = readRecord(layout, "etcd");
    if (record) await stopProcess(layout, record);
  };
  const damage = (path: string, from: number, to: number) => {
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill(7, from, to));
  };
  const empty: Record<string, boolean> = {};
  try {
    empty.first = await ensureEtcd(context);
    empty.running = await ensureEtcd(context);
    await stop();
    empty.restarted = await ensureEtcd(context);
    await stop();
    damage(join(layout.etcd, "member", "snap", "db"), 0, 20_000);
    empty.damagedDatabase = await ensureEtcd(context);
    await stop();
    const logs = join(layout.etcd, "member", "wal");
    damage(
      join(
        logs,
        readdirSync(logs).find((name) => name.endsWith(".wal"))!,
      ),
      50,
      250,
    );
    empty.damagedLog = await ensureEtcd(context);
  } finally {
    await stop();
  }
  console.log(JSON.stringify({ empty, notes, folders: readdirSync(layout.root) }));
}

void main();
