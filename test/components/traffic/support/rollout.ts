import {
  ApiGateway,
  CertificateAuthority,
  ModelRepository,
  Rollout,
  ServiceRoute,
  TokenAuthority,
  type RolloutArgs,
  type RouteAuth,
} from "../../../../components";
import { declare, type Declaration } from "../../support/declared";
import { IMAGE, model } from "../../support/examples";

export const BLUE = { models: [model("ocr", "4")] };
export const GREEN = { models: [model("ocr", "5")] };
export const CANARY = { kind: "canary" } as const;

export const MODELS = [...BLUE.models, ...GREEN.models, model("vad")];

/** What a rollout of two slots is given; the repository has what its slots have, unless other models are named. */
export function rolloutArgs(change: Partial<RolloutArgs> = {}, models = MODELS): () => RolloutArgs {
  return () => ({
    namespace: "ns",
    image: IMAGE,
    repository: new ModelRepository("repository", { models }),
    authority: new CertificateAuthority("authority"),
    slots: { blue: BLUE, green: GREEN },
    strategy: CANARY,
    ...change,
  });
}

/** A rollout named "text", and its routes; objects of the `slow` kinds or names are made late. */
export async function routed(
  change: Partial<RolloutArgs> = {},
  { auth, slow = [], models }: { auth?: RouteAuth; slow?: readonly string[]; models?: typeof MODELS } = {},
): Promise<[Rollout, Declaration]> {
  let rollout!: Rollout;
  const declaration = await declare(() => {
    const args = rolloutArgs(change, models)();
    const { authority } = args;
    const tokens = new TokenAuthority("tokens", { issuer: "https://i" });
    const gateway = new ApiGateway("front", { namespace: "ns", authority, tokens });
    rollout = new Rollout("text", args);
    new ServiceRoute("text", { gateway, service: rollout, authority, ...(auth ? { auth } : {}) });
  }, slow);
  return [rollout, declaration];
}

/** The value of an output, once everything has been declared. */
export function valueOf<T>(output: { apply(read: (value: T) => void): unknown }): Promise<T> {
  return new Promise((resolve) => void output.apply(resolve));
}
