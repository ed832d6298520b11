import { credentialAt, credentialIn, isName } from "./credentials";
import { isWellKnownPassword } from "./well-known-passwords";

/** How charts name values that are a credential. */
const CREDENTIAL =
  /(?:password|passwd|passphrase|token|api_?key|secret_?key|access_?key|private_?key|client_?secret)$/i;
const PASSWORD = /pass(?:word|wd|phrase)$/i;

/** Names of Secrets, and what is beneath them: `auth.existingSecret`, `secretKeys.adminPassword`, `secretKeyRef`; and what is sealed. */
const OF_SECRET =
  /existing|secretKeys\.|KeyRef\.|secretRef\.|remoteRef\.|externalSecrets?\.|valueFrom\.|encryptedData\./i;

/** What a template, a shell or a plugin puts in later. */
const PLACEHOLDER = /\{\{|^\$\w|^ref\+|^vault:|^\*+$/;

/**
 * What kind of credential a text in Helm's values is, or undefined. A well-known password is no matter of this: that everybody
 * tries it is worse than that it is written down.
 */
export function literalCredential(path: string, text: string): string | undefined {
  const byText = credentialIn(text);
  if (byText !== undefined) return byText;
  if (!CREDENTIAL.test(path) || OF_SECRET.test(path)) return undefined;
  if (PLACEHOLDER.test(text.trim()) || isWellKnownPassword(text)) return undefined;
  if (PASSWORD.test(path)) return credentialAt("password", text);
  // As a key of a Secret is named, or a marker of a tokenizer.
  return isName(text.trim()) ? undefined : credentialAt("token", text);
}
