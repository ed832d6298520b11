/** Judges answers: every one of a run is compared with what onnxruntime gives to the same row. */
import { join } from "node:path";
import protobuf from "protobufjs";
import { answers, type Row } from "../rows";

export type Format = "json" | "binary" | "grpc";

const PROTO = join(__dirname, "../../runtime/grpc/proto/inference.proto");

/** The message types of the protocol, as the server's own file has them. */
export const messages = () => protobuf.loadSync(PROTO);

function floats(bytes: Uint8Array): Float32Array {
  // Not `bytes.slice()`: a Buffer's gives a view, which floats may not be able to lie on.
  return new Float32Array(Uint8Array.from(bytes).buffer);
}

/** The numbers in an answer's body. @param jsonLength of a binary answer */
export function outputOf(
  format: Format,
  body: Buffer,
  jsonLength: number | undefined,
  types: protobuf.Root,
): Float32Array {
  if (format === "grpc") {
    // Before the message: one byte that says whether it is compressed, four of its length.
    const answer = types.lookupType("inference.ModelInferResponse").decode(body.subarray(5));
    return floats((answer as unknown as { rawOutputContents: Uint8Array[] }).rawOutputContents[0]!);
  }
  if (format === "binary") return floats(body.subarray(jsonLength));
  const { outputs } = JSON.parse(body.toString()) as { outputs: { data: number[] }[] };
  return Float32Array.from(outputs[0]!.data);
}

/** Compares answers row by row. What was found right once is compared byte by byte from then on, which costs next to nothing. */
export class AnswerCheck {
  private readonly right: (Buffer | undefined)[] = [];
  private readonly types = messages();
  wrong = 0;
  firstWrong: string | undefined;

  constructor(
    private readonly format: Format,
    private readonly rows: readonly Row[],
    /** A floor that answers a constant has nothing to compare. */
    private readonly enabled: boolean,
  ) {}

  check(row: number, body: Buffer, jsonLength?: number): void {
    if (!this.enabled || this.right[row]?.equals(body)) return;
    if (this.fits(row, body, jsonLength)) this.right[row] = Buffer.from(body);
    else {
      this.wrong++;
      this.firstWrong ??= `row ${row}: ${body.toString("latin1").slice(0, 300)}`;
    }
  }

  private fits(row: number, body: Buffer, jsonLength: number | undefined): boolean {
    try {
      return answers(this.rows[row]!, outputOf(this.format, body, jsonLength, this.types));
    } catch {
      return false;
    }
  }
}
