import { projectRoot } from "../../toolchain/paths";
import { awsProvider } from "../../toolchain/plugins/aws/provider";
import { startProvider } from "../../toolchain/plugins/shared";
import { Recorder } from "../../toolchain/plugins/shared/preview-only/recorder";
import { SdkTypes } from "../../toolchain/plugins/shared/preview-only/sdk-types";

/** Runs what talks to the stand-in for AWS, which remembers what it is told to make, instead of one that only previews. */
export async function withRecordingAws(
  use: (env: { readonly PULUMI_DEBUG_PROVIDERS: string }) => Promise<void>,
): Promise<void> {
  const types = SdkTypes.find("@pulumi/aws", projectRoot);
  const recording = await startProvider(awsProvider({ version: "7.48.0", types, recorder: new Recorder() }));
  try {
    await use({ PULUMI_DEBUG_PROVIDERS: `aws:${recording.port}` });
  } finally {
    await recording.close();
  }
}
