import "reflect-metadata";
import { createPrivateKey, randomBytes, webcrypto, X509Certificate as Parsed } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import { writeIfChanged } from "./write-file";

const DAY_MS = 24 * 3600 * 1000;
const CA_LIFETIME_DAYS = 3650;
const LEAF_LIFETIME_DAYS = 730;
/** A certificate that ends sooner than this is made anew. */
const RENEW_BEFORE_DAYS = 60;
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

x509.cryptoProvider.set(webcrypto as never);

type KeyPair = webcrypto.CryptoKeyPair;

/** A certificate and its key in PEM, and the files that hold them. */
export interface Credential {
  readonly cert: string;
  readonly key: string;
  readonly certPath: string;
  readonly keyPath: string;
}

/** A certificate that an authority signs. */
export interface LeafRequest {
  readonly name: string;
  readonly ca: Credential;
  readonly commonName: string;
  readonly organization?: string;
  readonly usages: readonly ("client" | "server")[];
  readonly dns?: readonly string[];
  readonly ips?: readonly string[];
}

/** Loads an authority's certificate from `dir`, or makes a new one. */
export async function ensureAuthority(
  dir: string,
  name: string,
  commonName: string,
  now: Date,
): Promise<Credential> {
  const found = loadCredential(dir, name);
  if (found && isCurrent(found, now)) return found;
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity(now, CA_LIFETIME_DAYS),
    serialNumber: serialNumber(),
    name: [{ CN: [commonName] }],
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return store(dir, name, certificate, keys);
}

/** Loads a certificate from `dir`; one that is missing, broken, near its end or not as requested is made anew. */
export async function ensureLeaf(dir: string, request: LeafRequest, now: Date): Promise<Credential> {
  const found = loadCredential(dir, request.name);
  if (found && isCurrent(found, now) && matches(found, request)) return found;
  const keys = await newKeys();
  const issuer = new x509.X509Certificate(request.ca.cert);
  const usage = { client: x509.ExtendedKeyUsage.clientAuth, server: x509.ExtendedKeyUsage.serverAuth };
  const names: x509.JsonGeneralName[] = [
    ...(request.dns ?? []).map((value) => ({ type: "dns" as const, value })),
    ...(request.ips ?? []).map((value) => ({ type: "ip" as const, value })),
  ];
  const certificate = await x509.X509CertificateGenerator.create({
    ...validity(now, LEAF_LIFETIME_DAYS),
    serialNumber: serialNumber(),
    subject: subjectOf(request),
    issuer: issuer.subjectName,
    publicKey: keys.publicKey,
    signingKey: await importKey(request.ca.key),
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(request.usages.map((name) => usage[name])),
      ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return store(dir, request.name, certificate, keys);
}

function subjectOf(request: LeafRequest): x509.JsonName {
  return [...(request.organization ? [{ O: [request.organization] }] : []), { CN: [request.commonName] }];
}

function validity(now: Date, days: number): { notBefore: Date; notAfter: Date } {
  // An hour back, for clocks that are set right after a boot.
  return { notBefore: new Date(now.getTime() - 3600_000), notAfter: new Date(now.getTime() + days * DAY_MS) };
}

function serialNumber(): string {
  // Positive and without a leading zero byte, as DER wants it.
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x3f) | 0x40;
  return bytes.toString("hex");
}

async function newKeys(): Promise<KeyPair> {
  return (await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"])) as KeyPair;
}

async function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(pem).export({ type: "pkcs8", format: "der" });
  return webcrypto.subtle.importKey("pkcs8", der, ALGORITHM, false, ["sign"]);
}

function pathsOf(dir: string, name: string): { certPath: string; keyPath: string } {
  return { certPath: join(dir, `${name}.crt`), keyPath: join(dir, `${name}.key`) };
}

/** A certificate and key that were stored, where both are whole. */
export function loadCredential(dir: string, name: string): Credential | undefined {
  const paths = pathsOf(dir, name);
  try {
    const cert = readFileSync(paths.certPath, "utf8");
    const key = readFileSync(paths.keyPath, "utf8");
    return new Parsed(cert).checkPrivateKey(createPrivateKey(key)) ? { cert, key, ...paths } : undefined;
  } catch {
    // Missing or unreadable: it is made anew.
    return undefined;
  }
}

function isCurrent(credential: Credential, now: Date): boolean {
  const { validFrom, validTo } = new Parsed(credential.cert);
  const left = new Date(validTo).getTime() - now.getTime();
  return new Date(validFrom) <= now && left > RENEW_BEFORE_DAYS * DAY_MS;
}

function matches(credential: Credential, request: LeafRequest): boolean {
  const found = new Parsed(credential.cert);
  const names = [
    ...(request.dns ?? []).map((name) => `DNS:${name}`),
    ...(request.ips ?? []).map((ip) => `IP Address:${ip}`),
  ];
  const sameNames = (found.subjectAltName ?? "") === names.join(", ");
  return sameNames && found.verify(new Parsed(request.ca.cert).publicKey);
}

async function store(
  dir: string,
  name: string,
  certificate: x509.X509Certificate,
  keys: KeyPair,
): Promise<Credential> {
  const paths = pathsOf(dir, name);
  const cert = `${certificate.toString("pem")}\n`;
  const der = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  const key = createPrivateKey({ key: Buffer.from(der), type: "pkcs8", format: "der" })
    .export({ type: "pkcs8", format: "pem" })
    .toString();
  writeIfChanged(paths.keyPath, key, 0o600);
  writeIfChanged(paths.certPath, cert, 0o644);
  return { cert, key, ...paths };
}
