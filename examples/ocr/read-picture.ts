import { infer, type Endpoint } from "./endpoint";
import { readPicture, textLines } from "./picture";
import { alphabetOf, decode, toInput, type Reading } from "./recognition";

/** Reads the lines of dark text in a PNG picture. The model recognises one line per request. */
export async function readTextIn(
  png: Buffer,
  dictionary: string,
  endpoint: Endpoint,
  model = "pp-ocrv4-rec",
): Promise<Reading[]> {
  const alphabet = alphabetOf(dictionary);
  const readings: Reading[] = [];
  for (const line of textLines(readPicture(png))) {
    const [output] = await infer(endpoint, model, [toInput(line)]);
    if (!output) throw new Error(`Model ${model} gave no output.`);
    readings.push(decode(output.shape, output.data, alphabet));
  }
  return readings;
}
