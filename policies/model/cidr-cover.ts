import { BlockList } from "node:net";

interface Range {
  readonly address: string;
  readonly bits: number;
  readonly family: "ipv4" | "ipv6";
}

function rangeOf(text: string): Range | undefined {
  const [address = "", bits = ""] = text.trim().split("/");
  const family = address.includes(":") ? "ipv6" : "ipv4";
  return /^\d{1,3}$/.test(bits) ? { address, bits: Number(bits), family } : undefined;
}

/** Whether every address of one range is in the other; false for what is no range. */
export function coversRange(outer: string, inner: string): boolean {
  const [wide, narrow] = [rangeOf(outer), rangeOf(inner)];
  if (!wide || !narrow || wide.family !== narrow.family || wide.bits > narrow.bits) return false;
  try {
    const list = new BlockList();
    list.addSubnet(wide.address, wide.bits, wide.family);
    return list.check(narrow.address, narrow.family);
  } catch {
    return false;
  }
}
