/** Half of the addresses or a great part of them: whoever names such a range means everyone. */
const WIDEST_IPV4 = 8;
const WIDEST_IPV6 = 16;

/** Unique local and link-local addresses, fc00::/7 and fe80::/10, reach nobody outside. */
const LOCAL_IPV6 = /^f(?:[cd]|e[89ab])/i;

/**
 * Whether a CIDR range stands for the internet: `0.0.0.0/0`, `::/0`, and the halves and eighths by which a check for these two is
 * evaded, such as `0.0.0.0/1` with `128.0.0.0/1`. The widest private range, `10.0.0.0/8`, is none.
 */
export function isInternet(range: string): boolean {
  const [address = "", bits = ""] = range.trim().split("/");
  if (!/^\d{1,3}$/.test(bits)) return false;
  const prefix = Number(bits);
  if (address.includes(":")) return prefix < WIDEST_IPV6 && !LOCAL_IPV6.test(address);
  return /^[\d.]+$/.test(address) && prefix < WIDEST_IPV4;
}
