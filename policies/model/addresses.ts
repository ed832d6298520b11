/** The bits of an IPv4 range `a.b.c.d/n`; undefined for anything else. */
export function ipv4Range(cidr: string): { readonly base: number; readonly prefix: number } | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr);
  if (!match) return undefined;
  const [octets, prefix] = [match.slice(1, 5).map(Number), Number(match[5])];
  if (octets.some((octet) => octet > 255) || prefix > 32) return undefined;
  return { base: octets.reduce((sum, octet) => sum * 256 + octet, 0), prefix };
}

/** Whether the first range holds all of the second. */
export function covers(outer: string, inner: string): boolean {
  const [a, b] = [ipv4Range(outer), ipv4Range(inner)];
  if (!a || !b || a.prefix > b.prefix) return false;
  const size = 2 ** (32 - a.prefix);
  return Math.floor(a.base / size) === Math.floor(b.base / size);
}
