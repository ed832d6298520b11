import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const EC_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
const LOCAL = "subjectAltName=DNS:localhost,IP:127.0.0.1";

function openssl(dir: string, argv: string[]): void {
  execFileSync("openssl", argv, { cwd: dir, stdio: "ignore" });
}

/** A self-signed server's certificate in `tls.crt` with its key in `tls.key`. */
export function writeKeyPair(dir: string, commonName: string): void {
  const files = ["-keyout", "tls.key", "-out", "tls.crt"];
  openssl(dir, [
    "req",
    "-x509",
    ...EC_KEY,
    "-days",
    "2",
    ...files,
    "-subj",
    `/CN=${commonName}`,
    "-addext",
    LOCAL,
  ]);
}

export interface Issued {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** An authority of the test's own, in `<name>.crt` of a folder. */
export class TestAuthority {
  readonly file: string;

  constructor(
    private readonly dir: string,
    private readonly name: string,
  ) {
    this.file = join(dir, `${name}.crt`);
    const files = ["-keyout", `${name}.key`, "-out", `${name}.crt`];
    openssl(dir, ["req", "-x509", ...EC_KEY, "-days", "2", ...files, "-subj", `/CN=${name}`]);
  }

  get pem(): Buffer {
    return readFileSync(this.file);
  }

  /** A certificate for servers and clients of this machine. */
  issue(commonName: string): Issued {
    const stem = join(this.dir, `${this.name}-${commonName}`);
    writeFileSync(`${stem}.ext`, `${LOCAL}\nbasicConstraints=CA:FALSE\n`);
    openssl(this.dir, [
      "req",
      ...EC_KEY,
      "-keyout",
      `${stem}.key`,
      "-out",
      `${stem}.csr`,
      "-subj",
      `/CN=${commonName}`,
    ]);
    const authority = ["-CA", `${this.name}.crt`, "-CAkey", `${this.name}.key`, "-CAcreateserial"];
    const files = ["-in", `${stem}.csr`, "-out", `${stem}.crt`, "-extfile", `${stem}.ext`];
    openssl(this.dir, ["x509", "-req", ...authority, "-days", "2", ...files]);
    return { cert: readFileSync(`${stem}.crt`), key: readFileSync(`${stem}.key`) };
  }
}
