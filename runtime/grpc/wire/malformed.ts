/** Bytes that are no protobuf message; the text is the rest of a sentence for the client. */
export class Malformed extends Error {
  override readonly name = "Malformed";
}
