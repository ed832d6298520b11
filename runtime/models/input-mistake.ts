/**
 * What onnxruntime says when the sizes, indices or numbers that came with a request do not suit a node of the graph; and of a
 * text that is no number, the name of the C++ function that says so.
 */
const MISTAKES = new RegExp(
  [
    "invalid (input shape|dimensions|rank|index|expand shape|value in 'split')",
    "out of (data )?(bounds|range)",
    "broadcast|dimension|shape|indices",
    "integer (division|modulo) by zero",
    "axis -?\\d+ is not in valid range|has an axis outside",
    // Of Range, Slice, TopK, Tile, OneHot and Resize.
    "can ?not be (zero|0)\\b|must not be negative|must be non-?negative|must have the same length|depth is negative",
    "k argument .* should not be greater|scale value should be greater than 0",
    "would require more than \\d+ bytes",
    "\\bsto(i|u?ll?|f|l?d)\\b",
  ].join("|"),
  "i",
);

/**
 * Whether a run failed because of what the client sent; anything else is a fault of the server or the model. So is want of memory, even
 * for as large an output as a value asks for: the model may have made the value, and a canary has to see that.
 */
export function isInputMistake(message: string): boolean {
  return MISTAKES.test(message);
}
