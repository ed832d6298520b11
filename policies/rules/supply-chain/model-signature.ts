import { containerRule } from "../../model/pods";
import type { Field } from "../../model/field";

const OPTION = "SLIPWAY_PUBLIC_KEY";

/** Whether a container fetches models with Slipway's \`pull\`. @throws UnknownRead */
function pulls(texts: readonly string[]): boolean {
  return texts.includes("pull") && texts.some((text) => /^(?:oci|s3|https?):\/\//.test(text));
}

function hasKey(container: Field, texts: readonly string[]): boolean {
  return (
    texts.some((text) => text === "--public-key" || text.startsWith("--public-key=")) ||
    container
      .get("env")
      .items()
      .some((variable) => variable.get("name").string() === OPTION)
  );
}

export const modelSignature = containerRule(
  {
    id: "model-signature",
    title: "Models are fetched only with a valid signature",
    severity: "medium",
    description:
      "A digest proves that the model is the one somebody wrote down; only a signature proves who made it.",
    remediation:
      'signatureKey: readFileSync("models.pem", "utf8") // of the ModelRepository; makes `pull --public-key`',
  },
  (container) => {
    const texts = ["command", "args"].flatMap((list) => container.get(list).strings());
    if (!pulls(texts) || hasKey(container, texts)) return undefined;
    // Options may also come from a ConfigMap, whose content is not this resource's.
    return container.get("envFrom").items().length > 0
      ? undefined
      : "must verify the models that it pulls: set `--public-key`.";
  },
);
