import { cut, shownText } from "../text";

/** GitHub takes no longer short and full descriptions. */
export const LONGEST_DESCRIPTION = 1024;
export const LONGEST_RULE_NAME = 255;
/** Longer sentences are not read, and a name may be of any length. */
const LONGEST_MESSAGE = 4000;

/**
 * Plain text for a `message`, whose syntax has links, `[text](target)`, and placeholders, `{0}` (SARIF 2.1.0, 3.11.5
 * and 3.11.6): a name may make neither.
 */
export const messageText = (text: string): string =>
  cut(shownText(cut(text, LONGEST_MESSAGE)), LONGEST_MESSAGE)
    .replace(/[\\[\]]/g, "\\$&")
    .replace(/\{(\d+)\}/g, "{{$1}}");

export const description = (text: string): string =>
  cut(shownText(cut(text, LONGEST_DESCRIPTION)), LONGEST_DESCRIPTION);
