import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import type { Logger } from "pino";
import { messageOf } from "./message-of";
import { UsageError } from "./option-table";

/** A certificate chain and its key, PEM. */
export interface KeyPair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** How often the files are read again. Polling, because mounted secrets change by a swap of links that inotify misses. */
const RELOAD_INTERVAL_MS = 10_000;

/** Keeps a key pair as its files have it. */
export class KeyPairWatcher {
  private readonly listeners: ((pair: KeyPair) => void)[] = [];
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly certFile: string,
    private readonly keyFile: string,
    private pair: KeyPair,
    private readonly log: Logger,
    intervalMs: number,
  ) {
    this.timer = setInterval(() => void this.reload(), intervalMs);
    this.timer.unref();
  }

  /** @throws UsageError where the files cannot be read or do not belong together */
  static open(
    certFile: string,
    keyFile: string,
    log: Logger,
    intervalMs = RELOAD_INTERVAL_MS,
  ): KeyPairWatcher {
    const pair = { cert: readPem("--tls-cert", certFile), key: readPem("--tls-key", keyFile) };
    try {
      createSecureContext(pair);
    } catch (error) {
      throw new UsageError(
        `\`--tls-cert\` (${certFile}) and \`--tls-key\` (${keyFile}) must be a PEM certificate and its key: ${messageOf(error)}.`,
      );
    }
    return new KeyPairWatcher(certFile, keyFile, pair, log, intervalMs);
  }

  get current(): KeyPair {
    return this.pair;
  }

  onChange(listener: (pair: KeyPair) => void): void {
    this.listeners.push(listener);
  }

  close(): void {
    clearInterval(this.timer);
  }

  /** Reads the files; a pair that does not fit together, e.g. half-way through a rotation, is left for the next look. */
  private async reload(): Promise<void> {
    try {
      const [cert, key] = await Promise.all([readFile(this.certFile), readFile(this.keyFile)]);
      if (cert.equals(this.pair.cert) && key.equals(this.pair.key)) return;
      const pair = { cert, key };
      createSecureContext(pair);
      this.pair = pair;
      for (const listener of this.listeners) listener(pair);
      this.log.info("the TLS certificate was replaced");
    } catch (error) {
      this.log.warn(
        { cause: messageOf(error) },
        "the TLS certificate could not be read again; the old one stays",
      );
    }
  }
}

function readPem(flag: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UsageError(
      `\`${flag}\` (${file}) cannot be read: ${(error as NodeJS.ErrnoException).code ?? messageOf(error)}.`,
    );
  }
}
