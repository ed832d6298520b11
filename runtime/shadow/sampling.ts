/** One more than the largest hash. */
const HASHES = 2 ** 32;

/**
 * Whether a request is in the sample. Both slots see it under the same id, and must decide alike without asking each other: the id
 * itself decides. FNV-1a, and the last step of MurmurHash3, without which ids that differ in their last characters alone, as counted
 * ones do, would be much alike.
 */
export function inSample(requestId: string, percent: number): boolean {
  if (percent >= 100) return true;
  return hashOf(requestId) < (percent / 100) * HASHES;
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
