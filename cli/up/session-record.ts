import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import type { PublishedRollout } from "../../rollout/published";
import { SlipwayError } from "../../toolchain/errors";
import { localDir, saveSession, writePrivate, type LocalSession, type ServedModel } from "../local-session";
import type { Target } from "./target";

/** The stack outputs that the CLI relies on. */
export interface StackOutputs {
  endpoint: string;
  caCertificate: string;
  tokenSigningKey: string;
  tokenIssuer: string;
  tokenKeyId: string;
  models: ServedModel[];
  rollouts: readonly PublishedRollout[];
  /** Only of a stack with rollouts. */
  recordSigningKey?: string;
  recordPublicKey?: string;
}

export async function readOutputs(stack: Stack): Promise<StackOutputs> {
  const outputs = await stack.outputs();
  const value = (key: keyof StackOutputs): unknown => {
    const output = outputs[key];
    if (output === undefined) throw new SlipwayError(`the stack ${stack.name} has no output \`${key}\``);
    return output.value;
  };
  return {
    endpoint: String(value("endpoint")),
    caCertificate: String(value("caCertificate")),
    tokenSigningKey: String(value("tokenSigningKey")),
    tokenIssuer: String(value("tokenIssuer")),
    tokenKeyId: String(value("tokenKeyId")),
    models: value("models") as ServedModel[],
    rollouts: (outputs.rollouts?.value ?? []) as readonly PublishedRollout[],
    recordSigningKey: outputs.recordSigningKey?.value as string | undefined,
    recordPublicKey: outputs.recordPublicKey?.value as string | undefined,
  };
}

/** Writes what the other commands need; keys are readable by their owner alone. */
export function recordSession(outputs: StackOutputs, target: Target): LocalSession {
  const session: LocalSession = {
    endpoint: outputs.endpoint,
    caCertificate: join(localDir(), "ca.pem"),
    kubeconfig: target.kubeconfig,
    ...(target.context ? { context: target.context } : {}),
    prometheus: target.prometheus ?? null,
    alertmanager: target.alertmanager ?? null,
    models: outputs.models.map(({ name, versions }) => ({ name, versions: versions.map(String) })),
    tokenKey: join(localDir(), "token-key.pem"),
    tokenKeyId: outputs.tokenKeyId,
    tokenIssuer: outputs.tokenIssuer,
    rollouts: outputs.rollouts,
    ...(outputs.recordSigningKey ? { recordKey: join(localDir(), "record-key.pem") } : {}),
    ...(outputs.recordPublicKey ? { recordPublicKey: outputs.recordPublicKey } : {}),
  };
  if (session.recordKey) writePrivate(session.recordKey, outputs.recordSigningKey!);
  writePrivate(session.caCertificate, outputs.caCertificate);
  writePrivate(session.tokenKey, outputs.tokenSigningKey);
  saveSession(session);
  return session;
}
