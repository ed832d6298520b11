/** A file that cannot be judged. The message says what is wrong with it, and where; whoever read it names the file. */
export class InputError extends Error {
  override readonly name = "InputError";
}
