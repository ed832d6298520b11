/** A plugin that only previews, as messages name it. */
export interface PreviewOnlyPlugin {
  readonly name: string;
  readonly version: string;
}

/** The one sentence with which anything is refused that needs the real cloud. */
export function refusal({ name, version }: PreviewOnlyPlugin, what: string): Error {
  return new Error(
    `${what}: the ${name} plugin of this project only previews; ` +
      `run the official \`pulumi\` and install \`pulumi plugin install resource ${name} v${version}\` to do it.`,
  );
}
