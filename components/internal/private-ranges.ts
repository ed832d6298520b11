import { isIpv4Cidr } from "./references";

/** Ranges from which nobody comes over the internet. */
const PRIVATE = [
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
];

/** The private range that this one has addresses of; undefined where there is none. */
export function privateRange(cidr: string): string | undefined {
  return isIpv4Cidr(cidr) ? PRIVATE.find((range) => overlap(range, cidr)) : undefined;
}

/** Two ranges have addresses in common where the wider one has the beginning of the narrower. */
function overlap(one: string, other: string): boolean {
  const [a, b] = [parse(one), parse(other)];
  const size = 2 ** (32 - Math.min(a.length, b.length));
  return Math.floor(a.address / size) === Math.floor(b.address / size);
}

function parse(cidr: string): { address: number; length: number } {
  const [address = "", length] = cidr.split("/");
  const value = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return { address: value, length: Number(length) };
}
