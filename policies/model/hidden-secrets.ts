const hidden = new WeakMap<object, () => unknown>();

/** Keeps how properties that were read look with every secret as a value that nobody knows. Read when it is asked for. */
export function rememberHidden(plain: object, read: () => unknown): void {
  hidden.set(plain, read);
}

/** Properties with every secret as a value that nobody knows; as they are where nothing says which values are secret. */
export function withoutSecrets(plain: object): unknown {
  const read = hidden.get(plain);
  return read === undefined ? plain : read();
}
