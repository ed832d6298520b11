import { isIPv4 } from "node:net";

/** A range of IPv4 addresses: `address` is its first one as a number, `prefix` the length of the network part in bits. */
export interface Cidr {
  readonly address: number;
  readonly prefix: number;
}

/** Parses `10.0.0.0/8`, or a lone address as a /32; undefined for anything else, IPv6 included. */
export function parseCidr(text: string): Cidr | undefined {
  const [host = "", length = "32", ...rest] = text.split("/");
  if (!isIPv4(host) || rest.length > 0 || !/^\d{1,2}$/.test(length) || Number(length) > 32) {
    return undefined;
  }
  const prefix = Number(length);
  const number = host.split(".").reduce((value, octet) => value * 256 + Number(octet), 0);
  return { address: firstAddress(number, prefix), prefix };
}

function firstAddress(address: number, prefix: number): number {
  const size = 2 ** (32 - prefix);
  return Math.floor(address / size) * size;
}

/** Whether `outer` holds every address of `inner`. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  return outer.prefix <= inner.prefix && firstAddress(inner.address, outer.prefix) === outer.address;
}

/** The usual notation, with the prefix length also for a single address. */
export function formatCidr({ address, prefix }: Cidr): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256);
  return `${octets.join(".")}/${prefix}`;
}

/** The two halves of a range. The kernel's address sets cannot hold 0.0.0.0/0, but they can hold its halves. */
export function halves({ address, prefix }: Cidr): [Cidr, Cidr] {
  const half = prefix + 1;
  return [
    { address, prefix: half },
    { address: address + 2 ** (32 - half), prefix: half },
  ];
}
