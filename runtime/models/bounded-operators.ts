import { readOnnxModel, valueDependent, type Graph, type GraphNode } from "./onnx-graph";

/** ONNX's own operators, in both of its domains, whose time follows from the shapes of what they are given. */
const BOUNDED = new Set(
  `Abs Acos Acosh Add And ArgMax ArgMin Asin Asinh Atan Atanh AveragePool BatchNormalization BitShift BitwiseAnd BitwiseNot
  BitwiseOr BitwiseXor Cast CastLike Ceil Celu Clip Compress Concat Constant Conv ConvInteger ConvTranspose Cos Cosh CumSum
  DepthToSpace DequantizeLinear Det Div Dropout DynamicQuantizeLinear Einsum Elu Equal Erf Exp EyeLike Flatten Floor GRU Gather
  GatherElements GatherND Gelu Gemm GlobalAveragePool GlobalLpPool GlobalMaxPool Greater GreaterOrEqual GroupNormalization
  HardSigmoid HardSwish Hardmax Identity If InstanceNormalization IsInf IsNaN LRN LSTM LayerNormalization LeakyRelu Less
  LessOrEqual Log LogSoftmax LpNormalization LpPool MatMul MatMulInteger Max MaxPool Mean MeanVarianceNormalization Min Mish Mod
  Mul Neg NonZero Not Or PRelu Pow QLinearConv QLinearMatMul QuantizeLinear RMSNormalization RNN RandomNormalLike
  RandomUniformLike Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum
  ReduceSumSquare Relu Reshape ReverseSequence Round Scatter ScatterElements ScatterND Selu Shape Shrink Sigmoid Sign Sin Sinh
  Size Slice Softmax Softplus Softsign SpaceToDepth Split Sqrt Squeeze Sub Sum Swish Tan Tanh ThresholdedRelu TopK Transpose Trilu
  Unique Unsqueeze Where Xor
  ArrayFeatureExtractor Binarizer CategoryMapper FeatureVectorizer Imputer LabelEncoder LinearClassifier LinearRegressor
  Normalizer OneHotEncoder SVMClassifier SVMRegressor Scaler TreeEnsemble TreeEnsembleClassifier TreeEnsembleRegressor`.split(
    /\s+/,
  ),
);

/** Operators that make as much as some of their inputs say: bounded where those inputs do not come from the client. */
const SIZED: ReadonlyMap<string, readonly number[]> = new Map([
  ["CenterCropPad", [1]],
  ["ConstantOfShape", [0]],
  ["Expand", [1]],
  ["OneHot", [1]],
  ["Pad", [1]],
  ["Range", [0, 1, 2]],
  ["Resize", [1, 2, 3]],
  ["Tile", [1, 2]],
  ["Upsample", [1]],
]);

const DOMAINS = new Set(["", "ai.onnx.ml"]);

/**
 * Whether a model's time follows from the shapes of its inputs and not from their values. What is not known to be so is not: loops,
 * other makers' operators, models with functions of their own.
 */
export function isBounded(bytes: Uint8Array): boolean {
  try {
    const { graph, hasFunctions } = readOnnxModel(bytes);
    return !hasFunctions && graphIsBounded(graph, valueDependent(graph));
  } catch {
    return false;
  }
}

function graphIsBounded({ nodes }: Graph, dependent: ReadonlySet<string>): boolean {
  return nodes.every((node) => nodeIsBounded(node, dependent));
}

function nodeIsBounded({ op, domain, inputs, graphs }: GraphNode, dependent: ReadonlySet<string>): boolean {
  if (!DOMAINS.has(domain)) return false;
  const sizes = SIZED.get(op);
  if (sizes) return sizes.every((place) => !dependent.has(inputs[place] ?? ""));
  return BOUNDED.has(op) && graphs.every((body) => graphIsBounded(body, dependent));
}
