/** Texts that are credentials wherever they stand, with the name to report them by; never the text itself. */
const CREDENTIAL_TEXTS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["a private key", /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/],
  ["a private JSON web key", /"kty"\s*:[^{}]*"d"\s*:\s*"|"d"\s*:\s*"[^{}]*"kty"\s*:/],
  ["a JSON web token", /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/],
  ["an AWS access key", /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ["a GitHub token", /\b(?:gh[pousr]_\w{36,}|github_pat_\w{22,})/],
  ["a GitLab token", /\bgl(?:pat|ptt|dt|rt|cbt|agent)-[\w-]{20,}/],
  ["a Google API key", /\bAIza[\w-]{35}(?![\w-])/],
  ["a Stripe key", /\b[rs]k_live_\w{16,}/],
  ["an npm token", /\bnpm_\w{36}\b/],
  ["a Hugging Face token", /\bhf_[A-Za-z]{34}\b/],
  ["a Docker Hub token", /\bdckr_[po]at_[\w-]{20,}/],
  ["a Slack token", /\bxox[abprs]-[\w-]{10,}/],
  ["a URL with a password", /\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/]*:[^\s:@/${}]+@/i],
];

/** Keys whose value is a credential by its name. */
const CREDENTIAL_KEY =
  /(?:^|[_.\-a-z])(?:password|passwd|passphrase|secret|token|api[_-]?key|private[_-]?key|access[_-]?key)$/i;

/**
 * Values that are no credential whatever they are called: a path, a URL, an ARN or other reference, a switch,
 * and the markers of tokenizers (`eos_token: </s>`, `pad_token: [PAD]`). What the engine prints for a secret is one.
 */
const HARMLESS_VALUE =
  /^(?:\/|\.{1,2}\/|arn:|[a-z][a-z0-9+.-]*:\/\/|\$[({]|[<[](?!secret\]$)|(?:true|false|none|null|disabled|enabled)$)/i;

/** A count or a duration, as in `max_token: 4096`; a password can be one too. */
const QUANTITY = /^\d+(?:ms|[smhd]|[kmg]i?b?)?$/i;

/** Words and hyphens, as Kubernetes objects are named: `imagePullSecret: registry-login` names a Secret. */
const OBJECT_NAME = /^[a-z]+(?:-[a-z]+)*$/;

/** What kind of credential a text holds, or undefined. */
export function credentialIn(text: string): string | undefined {
  return CREDENTIAL_TEXTS.find(([, pattern]) => pattern.test(text))?.[0];
}

/** What kind of credential a named value is: by its text, else by its name. */
export function credentialAt(key: string, value: string): string | undefined {
  const byText = credentialIn(value);
  if (byText !== undefined) return byText;
  const text = value.trim();
  if (!CREDENTIAL_KEY.test(key) || text === "" || /\s/.test(text) || HARMLESS_VALUE.test(text))
    return undefined;
  if (!/pass(?:word|wd|phrase)$/i.test(key) && QUANTITY.test(text)) return undefined;
  if (/secret$/i.test(key) && OBJECT_NAME.test(text)) return undefined;
  return "a value named as a credential";
}
