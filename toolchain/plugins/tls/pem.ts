/** Wraps DER bytes as PEM: 64 characters a line, a line break at the end. */
export function encodePem(label: string, der: ArrayBuffer): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

/** The bytes of the first block with one of the labels. @throws Error that names the property */
export function decodePem(text: string, labels: readonly string[], property: string): Buffer {
  for (const label of labels) {
    const block = new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]+)-----END ${label}-----`).exec(text);
    if (block?.[1] !== undefined) return Buffer.from(block[1], "base64");
  }
  throw new Error(`\`${property}\` must hold a PEM block "${labels[0]}".`);
}
