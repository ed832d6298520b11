import { createHash, timingSafeEqual } from "node:crypto";
import { readSecret } from "./target-client";

export interface CallerFiles {
  readonly tokenFile?: string;
  readonly usernameFile?: string;
  readonly passwordFile?: string;
}

/** Who may call: whoever shows the token, or the name and the password, that the files hold now. */
export class CallerAccess {
  /** What a refused caller is asked for. */
  readonly challenge: string;

  /** @throws UsageError where a file cannot be used */
  constructor(private readonly files: CallerFiles) {
    this.expected();
    this.challenge = files.tokenFile === undefined ? 'Basic realm="slipway"' : 'Bearer realm="slipway"';
  }

  /** @throws UsageError while a file cannot be read */
  allows(authorization: string | undefined): boolean {
    const expected = this.expected();
    const [, scheme = "", credentials = ""] = /^(\S+) +(.+)$/.exec(authorization ?? "") ?? [];
    return scheme.toLowerCase() === expected.scheme && isEqual(credentials.trim(), expected.credentials);
  }

  private expected(): { readonly scheme: string; readonly credentials: string } {
    const { tokenFile, usernameFile, passwordFile } = this.files;
    if (tokenFile !== undefined)
      return { scheme: "bearer", credentials: readSecret("--token-file", tokenFile) };
    const username = readSecret("--username-file", usernameFile!);
    const password = readSecret("--password-file", passwordFile!);
    return { scheme: "basic", credentials: Buffer.from(`${username}:${password}`).toString("base64") };
  }
}

/** In a time that tells nothing of where they differ. */
function isEqual(one: string, other: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
