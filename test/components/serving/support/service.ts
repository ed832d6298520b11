import type * as pulumi from "@pulumi/pulumi";
import {
  CertificateAuthority,
  InferenceService,
  ModelRepository,
  type InferenceServiceArgs,
  type Peer,
} from "../../../../components";
import { IMAGE, model } from "../../support/examples";

export const MODELS = [model("a", "1"), model("b", "2", "registry.example.com")];

export const SCRAPER: Peer = { namespace: "m", podLabels: { app: "prometheus" } };

/** A program with one service of two models. */
export function service(
  name: string,
  change: Partial<InferenceServiceArgs> = {},
  opts?: pulumi.ComponentResourceOptions,
): () => InferenceService {
  return () =>
    new InferenceService(
      name,
      {
        namespace: "ns",
        image: IMAGE,
        repository: new ModelRepository(`${name}-repository`, { models: MODELS }),
        authority: new CertificateAuthority(`${name}-authority`),
        models: MODELS,
        ...change,
      },
      opts,
    );
}
