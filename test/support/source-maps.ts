/** The SDK reads a stack for every promise that it makes; finding the lines of their sources is a third of what a declaration takes. */
export async function withoutSourceMaps(work: () => Promise<void>): Promise<void> {
  const { sourceMapsEnabled } = process;
  process.setSourceMapsEnabled(false);
  try {
    await work();
  } finally {
    process.setSourceMapsEnabled(sourceMapsEnabled);
  }
}
