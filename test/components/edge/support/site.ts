import assert from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import {
  CertificateAuthority,
  EdgeSite,
  ModelRepository,
  type EdgeMetrics,
  type EdgeSiteArgs,
} from "../../../../components";
import { declare, type Declaration } from "../../support/declared";
import { DIGEST, IMAGE, model } from "../../support/examples";

export const KEYS = `till sha256:${"c".repeat(64)} infer\n`;
export const METRICS: EdgeMetrics = {
  image: `r.example/prometheus@${DIGEST}`,
  url: "https://metrics.example.com/api/v1/write",
  username: "store",
  password: "hunter2",
};

export const given = (args: Partial<EdgeSiteArgs> = {}): EdgeSiteArgs => {
  const models = args.models ?? [model("ocr", "4"), model("voice", "1")];
  return {
    namespace: "edge",
    image: IMAGE,
    repository: args.repository ?? new ModelRepository("models", { models }),
    models,
    authority: new CertificateAuthority("authority"),
    apiKeys: KEYS,
    ...args,
  };
};

export const declared = (args: Partial<EdgeSiteArgs> = {}) =>
  declare(() => new EdgeSite("store", given(args)));

export async function reasons(args: Partial<EdgeSiteArgs>, name = "store"): Promise<string[]> {
  let found: string[] = [];
  await declare(() => {
    try {
      new EdgeSite(name, given(args));
    } catch (error) {
      assert.ok(pulumi.InputPropertiesError.isInstance(error), String(error));
      found = error.errors.map(({ propertyPath, reason }) => `\`${propertyPath}\`: ${reason}`);
    }
  });
  return found;
}

/** What a Secret holds; its data are marked as secret. */
export function secretOf(declaration: Declaration, name: string): Record<string, string> {
  const { data } = declaration.resources.find((resource) => resource.name === name)!.inputs;
  assert.ok("value" in data, "the data are no secret");
  return Object.fromEntries(
    Object.entries(data.value as Record<string, string>).map(([file, text]) => [
      file,
      Buffer.from(text, "base64").toString(),
    ]),
  );
}
