import { LENGTH, WireReader } from "./wire/wire-reader";

/** The first two fields of a message where both are texts: of many, a name and a version. @throws Malformed */
export function readTexts(bytes: Buffer): [first: string, second: string] {
  const reader = new WireReader(bytes);
  let first = "";
  let second = "";
  while (reader.more) {
    const tag = reader.tag();
    if (tag === ((1 << 3) | LENGTH)) first = reader.text();
    else if (tag === ((2 << 3) | LENGTH)) second = reader.text();
    else reader.skip(tag);
  }
  return [first, second];
}
