import { credentialIn, isName } from "./credentials";

/** Headers that are there to carry a credential. A cookie that a route sets, every caller gets: it is nobody's secret. */
const CREDENTIAL_HEADER =
  /^(?:proxy-)?authorization$|^cookie$|(?:^|[-_])(?:api-?key|token|secret|password|passwd|credentials?)$|^x-(?:[\w-]+-)?auth$/i;

/** Headers of a key, most of which are somebody's; some are no secret of anybody. */
const KEY_HEADER = /(?:^|[-_])key$/i;
const PUBLIC_HEADER =
  /(?:^|[-_])(?:csrf|xsrf|page|continuation|cache|surrogate|idempotency|partition|routing|route|shard|sort|hash|public|primary|foreign|websocket)[-_]?(?:token|key)$/i;

/** What a proxy or template puts something else for: `%REQ(X)%`, `${token}`, `$http_x`, `{{ token }}`, `<token>`. */
const PLACEHOLDER = /%[A-Z_]+(?:\(|%)|\$\{|\$\(|\$\w|\{\{|^<.*>$/;

/** A scheme without credentials, or what says that there are none, or whether there must be. */
const EMPTY =
  /^(?:|bearer|basic|none|null|anonymous|public|deleted|redacted|true|false|yes|no|on|off|[01]|required|optional|enabled|disabled|\*+|x+)$/i;

/** The deletion of a cookie, or one whose value says what it is for: `lang=en`. */
const PLAIN_COOKIE = /^[\w-]+=(?:|\w{1,8}|[a-z]+(?:-[a-z]+)+|deleted)(?:;|$)/;

/** What no person makes up: at least a dozen characters, letters and digits among them. */
const MADE_BY_MACHINE = /^(?=.*\d)(?=.*[a-z])\S{12,}$/i;

/** Whether a header is there to carry a credential, whatever stands in it. */
export function carriesCredential(name: string): boolean {
  return CREDENTIAL_HEADER.test(name) && !PUBLIC_HEADER.test(name);
}

/** What kind of credential a header with a literal value is, or undefined. */
export function credentialInHeader(name: string, value: string): string | undefined {
  const text = value.trim();
  const byText = credentialIn(text);
  if (byText !== undefined) return byText;
  if (PUBLIC_HEADER.test(name) || PLACEHOLDER.test(text) || EMPTY.test(text)) return undefined;
  if (/^cookie$/i.test(name) && PLAIN_COOKIE.test(text)) return undefined;
  const isKey = KEY_HEADER.test(name) && MADE_BY_MACHINE.test(text) && !isName(text);
  const named = CREDENTIAL_HEADER.test(name) || isKey;
  return named ? "the value of a header named as a credential" : undefined;
}
