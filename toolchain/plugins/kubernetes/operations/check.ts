import type { CheckRequest, CheckResult } from "../../shared/provider";
import { hasUnknown, isObject, unwrap } from "../../shared/values";
import type { Properties, Value } from "../../shared/values";
import type { Gvk } from "../kinds";
import { gvkOf, isNamespacedByName, parseType } from "../kinds";
import { isNamed, nameInputs } from "../naming";
import { SERVER_METADATA, textAt, toObject } from "../object";
import { shapeFailures } from "../preview/shape";
import type { Session } from "../session";

function withMetadata(inputs: Properties, change: (metadata: Properties) => Properties): Properties {
  const metadata = unwrap(inputs.metadata);
  if (metadata !== undefined && metadata !== null && !isObject(metadata)) return inputs;
  return { ...inputs, metadata: change({ ...(metadata ?? {}) }) };
}

function withoutReadOnly(inputs: Properties): Properties {
  const cleaned = withMetadata(inputs, (metadata) =>
    Object.fromEntries(
      Object.entries(metadata).filter(
        ([key, value]) => !SERVER_METADATA.includes(key) && value !== undefined,
      ),
    ),
  );
  if (inputs.kind !== "CustomResourceDefinition") return cleaned;
  // Generated definitions carry an empty status, which is the server's to write.
  const { status: _status, ...rest } = cleaned;
  return rest;
}

/** @returns `undefined` where the kind is known to nobody */
async function isNamespaced(gvk: Gvk, session: Session, request: CheckRequest): Promise<boolean> {
  const declared = session.seen.kind(gvk);
  if (declared) return declared.namespaced;
  const { cluster } = await session.link.forPreview();
  const served = await cluster?.discovery.find(gvk, request.signal);
  return served?.namespaced ?? isNamespacedByName(gvk);
}

async function withNamespace(gvk: Gvk, inputs: Properties, session: Session, request: CheckRequest) {
  if (hasUnknown(inputs.metadata) && textAt(toObject(inputs), "metadata", "name") === undefined)
    return inputs;
  const present: Value = isObject(inputs.metadata) ? inputs.metadata.namespace : undefined;
  if (present !== undefined && present !== null && present !== "") return inputs;
  if (!(await isNamespaced(gvk, session, request))) return inputs;
  const { cluster } = await session.link.forPreview();
  const namespace = session.config.namespace ?? cluster?.defaultNamespace ?? "default";
  return withMetadata(inputs, (metadata) => ({ ...metadata, namespace }));
}

/** Completes the inputs (name, namespace) and says what is wrong with them whatever the cluster. */
export async function check(session: Session, request: CheckRequest): Promise<CheckResult> {
  const given = toObject(request.newInputs);
  const { gvk, patch } = parseType(request.type, given.kind);
  if (gvk.kind.endsWith("List") && Array.isArray(given.items)) {
    throw new Error(`${request.type} cannot be created: declare each of its items as a resource of its own.`);
  }
  if (patch && !isNamed(request.newInputs)) {
    const reason = "A Patch resource needs the name of the object that it patches.";
    return { inputs: request.newInputs, failures: [{ property: "metadata.name", reason }] };
  }
  const answer = await session.link.forPreview();
  if (!answer.cluster && session.config.skipUpdateUnreachable && Object.keys(request.oldInputs).length > 0) {
    request.log.warn(`Left as it is, since skipUpdateUnreachable is set: ${answer.reason}`);
    return { inputs: request.oldInputs };
  }
  const named = nameInputs({ ...request, newInputs: withoutReadOnly(request.newInputs) });
  const kind = typeof given.apiVersion === "string" ? gvkOf(given.apiVersion, gvk.kind) : gvk;
  const inputs = await withNamespace(kind, named, session, request);
  const object = toObject(inputs);
  session.seen.add(object);
  return { inputs, failures: shapeFailures(object) };
}
