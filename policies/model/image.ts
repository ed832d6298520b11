/** Whether an image or artifact reference is pinned to its content. */
export function hasDigest(reference: string): boolean {
  return /@sha256:[0-9a-f]{64}$/.test(reference);
}
