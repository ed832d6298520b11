import { constants, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createSecureContext, type TlsOptions } from "node:tls";
import type { Logger } from "pino";
import { messageOf } from "./message-of";
import { UsageError } from "./option-table";
import { unreadable } from "./unreadable";

/** A certificate chain and its key, PEM. */
export interface KeyPair {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Authorities whose client certificates are taken; none are asked for without. */
  readonly ca?: Buffer;
}

/** Files of the options `--tls-cert`, `--tls-key` and `--tls-client-ca`. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
  readonly clientCa?: string;
  /** Whether a connection needs a client certificate. @default "require" */
  readonly clientAuth?: "require" | "optional";
}

/** How often the files are read again. Polling, because mounted secrets change by a swap of links that inotify misses. */
const RELOAD_INTERVAL_MS = 10_000;

/** Keeps a key pair, and the authorities of clients, as their files have them. */
export class KeyPairWatcher {
  private readonly listeners: ((pair: KeyPair) => void)[] = [];
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly files: TlsFiles,
    private pair: KeyPair,
    private readonly log: Logger,
    intervalMs: number,
  ) {
    this.timer = setInterval(() => void this.reload(), intervalMs);
    this.timer.unref();
  }

  /** @throws UsageError where the files cannot be read or do not belong together */
  static open(files: TlsFiles, log: Logger, intervalMs = RELOAD_INTERVAL_MS): KeyPairWatcher {
    const pair = { cert: readPem("--tls-cert", files.cert), key: readPem("--tls-key", files.key) };
    try {
      createSecureContext(pair);
    } catch (error) {
      throw new UsageError(
        `\`--tls-cert\` (${files.cert}) and \`--tls-key\` (${files.key}) must be a PEM certificate and its key: ${opensslReason(error)}.`,
      );
    }
    if (files.clientCa === undefined) return new KeyPairWatcher(files, pair, log, intervalMs);
    const ca = readPem("--tls-client-ca", files.clientCa);
    try {
      checkAuthorities(ca);
    } catch (error) {
      throw new UsageError(
        `\`--tls-client-ca\` (${files.clientCa}) must hold PEM certificates of authorities: ${messageOf(error)}.`,
      );
    }
    return new KeyPairWatcher(files, { ...pair, ca }, log, intervalMs);
  }

  /** Whether clients are asked for a certificate, and whether they must have one. */
  get clientAuth(): "require" | "optional" | undefined {
    return this.files.clientCa === undefined ? undefined : (this.files.clientAuth ?? "require");
  }

  get current(): KeyPair {
    return this.pair;
  }

  /** Unix seconds at which the first certificate of the chain ends; undefined where none of them can be read. */
  get expiresAt(): number | undefined {
    const ends = pemCertificates(this.pair.cert).map((pem) => Date.parse(new X509Certificate(pem).validTo));
    return ends.length > 0 ? Math.min(...ends) / 1000 : undefined;
  }

  onChange(listener: (pair: KeyPair) => void): void {
    this.listeners.push(listener);
  }

  close(): void {
    clearInterval(this.timer);
  }

  /** Reads the files; what does not fit together, e.g. half-way through a rotation, is left for the next look. */
  private async reload(): Promise<void> {
    const { cert: certFile, key: keyFile, clientCa } = this.files;
    try {
      const [cert, key, ca] = await Promise.all([
        readFile(certFile),
        readFile(keyFile),
        clientCa === undefined ? undefined : readFile(clientCa),
      ]);
      const old = this.pair;
      if (cert.equals(old.cert) && key.equals(old.key) && (ca?.equals(old.ca!) ?? true)) return;
      createSecureContext({ cert, key });
      if (ca) checkAuthorities(ca);
      this.pair = ca ? { cert, key, ca } : { cert, key };
      for (const listener of this.listeners) listener(this.pair);
      this.log.info("the TLS certificate was replaced");
    } catch (error) {
      this.log.warn(
        { cause: messageOf(error) },
        "the TLS certificate could not be read again; the old one stays",
      );
    }
  }
}

/**
 * What a listener adds to its TLS options to verify clients. Sessions are not resumed then: a certificate whose
 * authority was taken away would live on in its session.
 */
export function clientVerification(tls: KeyPairWatcher): TlsOptions {
  if (tls.clientAuth === undefined) return {};
  return {
    requestCert: true,
    rejectUnauthorized: tls.clientAuth === "require",
    secureOptions: constants.SSL_OP_NO_TICKET,
  };
}

/** OpenSSL takes a file without any certificate, and would then refuse or, where optional, know nobody. */
function checkAuthorities(ca: Buffer): void {
  const blocks = pemCertificates(ca);
  if (blocks.length === 0) throw new Error("it has none");
  for (const pem of blocks) {
    if (!new X509Certificate(pem).ca) throw new Error("one of them is not that of an authority");
  }
}

function pemCertificates(file: Buffer): readonly string[] {
  return file.toString("latin1").match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}

/** `key values mismatch` of `error:05800074:x509 certificate routines::key values mismatch`. */
function opensslReason(error: unknown): string {
  return (error as { reason?: string }).reason ?? messageOf(error);
}

function readPem(flag: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw unreadable(flag, file, error);
  }
}
