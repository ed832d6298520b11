import type { Logger } from "pino";
import type { LogIds } from "./tracing/log-ids";

/** One request that was answered, or given up. */
export interface Access {
  readonly transport: "rest" | "grpc";
  readonly method: string;
  /** With or without its query, which is not logged: it may hold credentials. */
  readonly path: string;
  /** HTTP status, or gRPC's number. */
  readonly status: number;
  /** Request and trace. */
  readonly ids: LogIds;
  /** `performance.now()` when the request came. */
  readonly started: number;
  /** Who called, where that was asked. */
  readonly subject: string | undefined;
}

/** Called once per request when that is over. */
export type AccessLog = (access: Access) => void;

/** Characters of a path that are logged. */
const LONGEST_PATH = 256;

/** Writes a line per request; undefined unless asked for. */
export function createAccessLog(enabled: boolean, log: Logger): AccessLog | undefined {
  if (!enabled) return undefined;
  return ({ transport, method, path, status, ids, started, subject }) => {
    const query = path.indexOf("?");
    const plain = (query < 0 ? path : path.slice(0, query)).slice(0, LONGEST_PATH);
    const ms = Math.round((performance.now() - started) * 1000) / 1000;
    log.info({ transport, method, path: plain, status, ms, ...ids, subject }, "access");
  };
}
