import { modelFolder } from "../runtime/support/model-folder";
import { DATATYPES, SHOWN, echoModels } from "./support/echo-models";
import { itMeets, ScriptResults, type Expectations } from "./support/script";
import { Serving } from "./support/serving";

const NO_MODEL = "There is no model `nothing`.";

const EXPECTED: Expectations = {
  ...Object.fromEntries(DATATYPES.map((datatype) => [`REST ${datatype}, binary`, SHOWN[datatype]])),
  ...Object.fromEntries(
    DATATYPES.filter((datatype) => datatype !== "FP16").map((datatype) => [
      `REST ${datatype}, json`,
      SHOWN[datatype],
    ]),
  ),
  ...Object.fromEntries(DATATYPES.map((datatype) => [`gRPC ${datatype}`, SHOWN[datatype]])),
  rest_health: [true, true, true, false],
  rest_error: [404, NO_MODEL],
  rest_plain_dictionary: ["seven", "echo-fp32", [[1, 2, 3, 4]]],
  grpc_health: [true, true, true],
  grpc_typed_contents: SHOWN.INT64,
  grpc_error: ["NOT_FOUND", NO_MODEL],
};

describe("KServe's clients", () => {
  let serving: Serving;
  let results: ScriptResults;
  before(async () => {
    serving = await Serving.start(modelFolder(echoModels()));
    results = await ScriptResults.of("kserve_clients.py", serving);
  });
  after(() => serving?.stop());

  itMeets(EXPECTED, () => results);
});
