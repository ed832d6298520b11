import type { ModelSpec } from "../dataplane/model-spec";
import { sentenceOf, unfolded } from "../models/model-config-sentence";
import type { Baseline, FeatureBaseline } from "./baseline";
import { baselineSchema } from "./baseline-schema";
import { isText, isWhole, modelLayouts, type TensorLayout } from "./features";

/** Features that a sentence lists. */
const MOST_LISTED = 8;

/**
 * Reads a baseline from the text of its file.
 * @param file what sentences call it
 * @throws Error with one sentence that names the field, its value and the rule
 */
export function parseBaseline(text: string, file = "baseline.json"): Baseline {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`\`${file}\` is not valid JSON; write it with \`slipway baseline\`.`, { cause: error });
  }
  const { data, error } = baselineSchema.safeParse(value, { reportInput: true });
  if (error) throw new Error(sentenceOf(unfolded(error.issues[0]!), file), { cause: error });
  for (const [feature, expected] of Object.entries(data.features)) {
    const wrong = inconsistency(expected);
    if (wrong !== undefined) throw new Error(`\`features.${feature}\` in \`${file}\` ${wrong}.`);
  }
  if (Object.keys(data.features).length === 0)
    throw new Error(`\`features\` in \`${file}\` is empty; make it again with \`slipway baseline\`.`);
  return data;
}

/** What its own numbers contradict, as the end of a sentence. */
function inconsistency(feature: FeatureBaseline): string | undefined {
  if (feature.kind === "categorical") {
    const sum = Object.values(feature.values).reduce((all, count) => all + count, feature.other);
    if (sum !== feature.count) return `counts ${sum} values, but its \`count\` is ${feature.count}`;
    return feature.count === 0 ? "has no value" : undefined;
  }
  const { edges, counts, binMeans = counts, count, min, max } = feature;
  const descent = edges.findIndex((edge, i) => i > 0 && edge <= edges[i - 1]!);
  if (descent > 0) return `has the edge ${edges[descent]} after ${edges[descent - 1]}; edges must ascend`;
  if (counts.length !== edges.length + 1)
    return `has ${counts.length} counts for ${edges.length} edges; there must be one more than edges`;
  if (binMeans.length !== counts.length)
    return `has ${binMeans.length} bin means for ${counts.length} counts; there must be as many`;
  const sum = counts.reduce((all, each) => all + each, 0);
  if (sum !== count) return `counts ${sum} values in its bins, but its \`count\` is ${count}`;
  if (count === 0) return "has no finite number";
  return min > max ? `has \`min\` (${min}) above \`max\` (${max})` : undefined;
}

/** What is not quite right, but does not keep a baseline from being used. */
export interface BaselineCheck {
  readonly warnings: readonly string[];
}

/**
 * Checks a baseline against the model that it lies beside.
 * @param modelSha256 of `model.onnx`, in hex; left out where it is not known
 * @throws Error with one sentence where a feature is not of the model, or is of two of its tensors
 */
export function checkBaseline(
  baseline: Baseline,
  spec: ModelSpec,
  modelSha256?: string,
  file = "baseline.json",
): BaselineCheck {
  const layouts = modelLayouts(spec, baseline.projections);
  const byFeature = new Map(layouts.flatMap((layout) => layout.features.map((name) => [name, layout])));
  for (const [tensor, { dimensions }] of Object.entries(baseline.projections ?? {})) {
    const layout = layouts.find((each) => each.tensor === tensor);
    if (layout?.projection === undefined)
      throw new Error(
        `\`${file}\` has a projection of \`${tensor}\`, but the model has ${described(layout)}.`,
      );
    if (layout.width !== dimensions)
      throw new Error(
        `\`${file}\` projects vectors of ${dimensions} elements for \`${tensor}\`, but the model's have ${layout.width}.`,
      );
  }
  for (const [feature, expected] of Object.entries(baseline.features)) {
    const layout = byFeature.get(feature);
    if (layout === undefined)
      throw new Error(
        `\`${file}\` has the feature \`${feature}\`, but the model has ${listed([...byFeature.keys()])}; make it again with \`slipway baseline\`.`,
      );
    if (!fits(expected, layout))
      throw new Error(
        `\`${file}\` has \`${feature}\` as ${expected.kind}, but it is ${layout.datatype} in the model; make it again with \`slipway baseline\`.`,
      );
  }
  const { modelSha256: made } = baseline;
  const other = made !== undefined && modelSha256 !== undefined && made !== modelSha256;
  return {
    warnings: other
      ? [
          `\`${file}\` was made with a model of the SHA-256 ${made}, but this one has ${modelSha256}: the outputs' scores compare two models; make it again with \`slipway baseline\`.`,
        ]
      : [],
  };
}

function fits(feature: FeatureBaseline, { datatype, projection }: TensorLayout): boolean {
  if (feature.kind === "numeric") return !isText(datatype);
  return projection === undefined && (isText(datatype) || isWhole(datatype));
}

function described(layout: TensorLayout | undefined): string {
  return layout === undefined ? "no such tensor" : `rows of ${layout.width} there, which need none`;
}

function listed(features: readonly string[]): string {
  const shown = features.slice(0, MOST_LISTED).map((feature) => `\`${feature}\``);
  const more = features.length - shown.length;
  return `${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
