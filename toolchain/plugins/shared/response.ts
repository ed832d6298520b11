import * as pb from "@pulumi/pulumi/proto/provider_pb";
import type { CheckFailure, CheckResult, DiffKind, DiffResult } from "./provider";
import { encodeProperties } from "./wire";

const KINDS: Record<DiffKind, pb.PropertyDiff.Kind> = {
  add: pb.PropertyDiff.Kind.ADD,
  "add-replace": pb.PropertyDiff.Kind.ADD_REPLACE,
  delete: pb.PropertyDiff.Kind.DELETE,
  "delete-replace": pb.PropertyDiff.Kind.DELETE_REPLACE,
  update: pb.PropertyDiff.Kind.UPDATE,
  "update-replace": pb.PropertyDiff.Kind.UPDATE_REPLACE,
};

export function wireFailures(failures: readonly CheckFailure[]): pb.CheckFailure[] {
  return failures.map(({ property, reason }) =>
    new pb.CheckFailure().setProperty(property).setReason(reason),
  );
}

export function checkResponse(result: CheckResult): pb.CheckResponse {
  const response = new pb.CheckResponse().setInputs(encodeProperties(result.inputs));
  return response.setFailuresList(wireFailures(result.failures ?? []));
}

/** The property at the top of a path: `spec` for `spec.ports[0]`. */
function topLevel(path: string): string {
  return /^(?:\["(.*?)"\]|([^.[]+))/s.exec(path)?.slice(1).find(Boolean) ?? path;
}

export function diffResponse(result: DiffResult): pb.DiffResponse {
  const response = new pb.DiffResponse();
  const { DIFF_SOME, DIFF_NONE } = pb.DiffResponse.DiffChanges;
  response.setChanges(result.changes ? DIFF_SOME : DIFF_NONE);
  response.setStablesList([...(result.stables ?? [])]);
  response.setDeletebeforereplace(result.deleteBeforeReplace ?? false);
  const detailed = Object.entries(result.detailed ?? {});
  const forced = detailed.filter(([, { kind }]) => kind.endsWith("-replace")).map(([path]) => path);
  response.setReplacesList([...new Set([...(result.replaces ?? []), ...forced])]);
  if (!result.changes || result.detailed === undefined) return response;
  response.setHasdetaileddiff(true);
  response.setDiffsList([...new Set(detailed.map(([path]) => topLevel(path)))]);
  for (const [path, { kind, inputDiff = true }] of detailed) {
    const diff = new pb.PropertyDiff().setKind(KINDS[kind]).setInputdiff(inputDiff);
    response.getDetaileddiffMap().set(path, diff);
  }
  return response;
}
