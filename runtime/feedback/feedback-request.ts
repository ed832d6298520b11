import { shown } from "../dataplane/shown";
import { invalid } from "../errors";

/** One piece of feedback as it came; `truth`, `prediction` and `segment` are read where the model's task is known. */
export interface FeedbackEntry {
  readonly requestId: string;
  readonly truth: unknown;
  readonly segment: unknown;
  /** What was answered, for a server that may not have answered it itself; undefined where left out. */
  readonly prediction: unknown;
  readonly version: string | undefined;
  /** What sentences call it: empty, or `feedback[3].`. */
  readonly where: string;
}

/** Pieces of feedback that one request may bring. */
export const MOST_ENTRIES = 1000;
/** Request ids have up to 128 characters, and behind those of gRPC streams a place. */
const ID = /^[\x21-\x7e]{1,160}$/;
const VERSION = /^[1-9]\d{0,17}$/;
const FIELDS: ReadonlySet<string> = new Set(["requestId", "truth", "segment", "prediction", "version"]);

/**
 * Reads the body of a request: one piece of feedback, or `{"feedback": [pieces]}`.
 * @throws 400 naming the piece, its field and what is wrong with it
 */
export function readEntries(body: Readonly<Record<string, unknown>>): FeedbackEntry[] {
  if (!Object.hasOwn(body, "feedback")) return [readEntry(body, "")];
  const [other] = Object.keys(body).filter((key) => key !== "feedback");
  if (other !== undefined)
    throw invalid(`The request body has \`feedback\`, beside which ${shown(other)} has no meaning.`);
  const { feedback: list } = body;
  if (!Array.isArray(list) || list.length === 0)
    throw invalid(`\`feedback\` is ${shown(list)}, but must be a list with 1 to ${MOST_ENTRIES} entries.`);
  if (list.length > MOST_ENTRIES)
    throw invalid(
      `\`feedback\` has ${list.length} entries; at most ${MOST_ENTRIES} are taken, send several requests.`,
    );
  return list.map((entry: unknown, i) => readEntry(entry, `feedback[${i}].`));
}

function readEntry(value: unknown, where: string): FeedbackEntry {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalid(
      `\`${where.slice(0, -1)}\` is ${shown(value)}, but must be an object with \`requestId\` and \`truth\`.`,
    );
  const { requestId, truth, segment, prediction, version } = value as Record<string, unknown>;
  const unknown = Object.keys(value).find((key) => !FIELDS.has(key));
  if (unknown !== undefined)
    throw invalid(
      `\`${where}${unknown.slice(0, 40)}\` is no field of feedback, which has ${[...FIELDS].join(", ")}.`,
    );
  if (typeof requestId !== "string" || !ID.test(requestId))
    throw invalid(
      `\`${where}requestId\` is ${shown(requestId)}, but must be the answer's x-request-id: 1 to 160 visible ASCII characters.`,
    );
  if (version !== undefined && !(typeof version === "string" && VERSION.test(version)))
    throw invalid(`\`${where}version\` is ${shown(version)}, but must be a version such as "2".`);
  return { requestId, truth, segment, prediction, version, where };
}
