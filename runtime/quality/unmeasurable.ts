/** A gate cannot be judged; the message is a part of its outcome's sentence. Neither a pass nor a failure of the candidate. */
export class Unmeasurable extends Error {
  override readonly name = "Unmeasurable";
}
