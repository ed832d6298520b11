import { readFileSync, readdirSync, readlinkSync } from "node:fs";
import { createServer } from "node:net";

const LOOPBACKS = ["127.0.0.1", "::1"];

/** Whether nobody listens on the port of either loopback address. */
export async function isPortFree(port: number): Promise<boolean> {
  for (const host of LOOPBACKS) {
    const failure = await tryListen(host, port);
    // A machine without IPv6 has nobody on that address either.
    if (failure && failure !== "EADDRNOTAVAIL" && failure !== "EAFNOSUPPORT") return false;
  }
  return true;
}

/** A port of loopback that was free a moment ago. */
export function anyFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

function tryListen(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "unknown"));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/** Who listens on a TCP port of this machine, e.g. `nginx (process 123)`, where the kernel tells us. */
export function listenerOn(port: number): string | undefined {
  const inodes = new Set(
    ["tcp", "tcp6"].flatMap((table) => listeningInodes(readText(`/proc/net/${table}`), port)),
  );
  if (inodes.size === 0) return undefined;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    if (socketsOf(pid).some((inode) => inodes.has(inode))) {
      return `${readText(`/proc/${pid}/comm`).trim() || "unknown"} (process ${pid})`;
    }
  }
  return undefined;
}

/** Reads /proc/net/tcp: `sl local_address rem_address st … inode`, the port in hexadecimal and state 0A for listening. */
export function listeningInodes(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return table.split("\n").flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    return fields[1]?.endsWith(suffix) && fields[3] === "0A" && fields[9] ? [fields[9]] : [];
  });
}

function socketsOf(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
