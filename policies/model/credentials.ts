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
  // A port before a query is no password, nor is a placeholder.
  ["a URL with a password", /\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/]*:(?!<|%s@|\*+@|\d+[?#])[^\s:@/${}]+@/i],
];

/** Keys whose value is a credential by its name. */
const CREDENTIAL_KEY =
  /(?:^|[_.\-a-z])(?:password|passwd|passphrase|secret|token|api[_-]?key|private[_-]?key|access[_-]?key)$/i;

/**
 * Values that are no credential whatever they are called: a path, a URL, an ARN or other reference, a command, a switch,
 * and the markers of tokenizers (`eos_token: </s>`, `pad_token: [PAD]`). What the engine prints for a secret is one.
 */
const HARMLESS_VALUE =
  /^(?:\/|\.{1,2}\/|arn:|[a-z][a-z0-9+.-]*:\/\/|ref\+|vault:\w+\/|os\.environ\/|\$[({]|`|[<[](?!secret\]$)|(?:true|false|yes|no|on|off|none|null|disabled|enabled|required|optional)$)/i;

/** What a template, a shell or a pipeline puts something else for: `{token}`, `{{token}}`, `#{variables.TOKEN}`, `$TOKEN`, `%TOKEN%`. */
const PLACEHOLDER = /^(?:#?\{{1,3}[\w.:/-]+\}{1,3}|\$(?:[A-Z_][A-Z0-9_]*|\d)|%s|%\w+%|\*+)$/;

/** What passwords are kept as, with salt and made slow to guess from, also after the name of a user. */
const HASH =
  /(?:^|:)\$(?:2[abxy]?|5|6|7|y|argon2\w*|pbkdf2[\w-]*|scrypt)\$|^(?:SCRAM-SHA-\d+\$\d|pbkdf2[_:]sha\d+[:$]\d|scrypt:\d+:)/i;

/** Variables that builds of web pages write into what browsers get: the keys in them are public. */
const PUBLISHED =
  /^(?:(?:(?:NEXT|NUXT|EXPO)_)?PUBLIC|VITE|REACT_APP|GATSBY|VUE_APP|NG_APP)_(?!.*(?:PASS|SECRET|PRIVATE))/i;
const PUBLIC_TEXTS = ["a Google API key", "a JSON web token"];

/** A count or a duration, as in `max_token: 4096`; a password can be one too. */
const QUANTITY = /^\d+(?:ms|[smhd]|[kmg]i?b?)?$/i;

/** Words, or words and small numbers with signs between them. */
const NAME =
  /^(?:[a-z]+|[a-z]+\d{0,3}(?:[-_./](?:[a-z]+\d{0,3}|\d{1,4}[a-z]?))*(?:[-_./](?:[a-z]+\d{0,3}|\d{1,4}[a-z]?|[0-9a-f]{7})))$/i;

/** Whether a text looks like what people call things, with or without Pulumi's random end: `s3-access-key`, `prod/db`, `db-1a2b3c4`. */
export function isName(text: string): boolean {
  return NAME.test(text);
}

/** What kind of credential a text holds, or undefined. */
export function credentialIn(text: string): string | undefined {
  return CREDENTIAL_TEXTS.find(([, pattern]) => pattern.test(text))?.[0];
}

/** What kind of credential a named value is: by its text, else by its name. */
export function credentialAt(key: string, value: string): string | undefined {
  const byText = credentialIn(value);
  const isPublished = PUBLISHED.test(key);
  if (byText !== undefined) return isPublished && PUBLIC_TEXTS.includes(byText) ? undefined : byText;
  const text = value.trim();
  if (isPublished || !CREDENTIAL_KEY.test(key) || text === "" || /\s/.test(text)) return undefined;
  if ([HARMLESS_VALUE, PLACEHOLDER, HASH].some((harmless) => harmless.test(text))) return undefined;
  if (!/pass(?:word|wd|phrase)$/i.test(key) && QUANTITY.test(text)) return undefined;
  // `imagePullSecret: registry-login` names a Secret.
  if (/secret$/i.test(key) && isName(text) && text === text.toLowerCase()) return undefined;
  return "a value named as a credential";
}
