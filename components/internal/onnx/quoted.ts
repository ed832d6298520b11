/** Characters that are shown of a name out of a file. */
const LONGEST = 100;

/** A name out of a file between quotation marks, so that it cannot spoil the sentence that it stands in. */
export function quoted(name: string): string {
  // eslint-disable-next-line no-control-regex -- those are what must not reach a terminal
  const plain = name.replace(/[\u0000-\u001f\u007f-\u009f]/g, "?");
  return `"${plain.length > LONGEST ? `${plain.slice(0, LONGEST)}…` : plain}"`;
}
