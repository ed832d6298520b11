import { hostedSchema } from "../../../toolchain/package/hosted-schema";
import { assertReferencePage } from "../../support/reference-page";

describe("components/hosted/schema.json", function () {
  this.timeout(60_000);

  it("is what Pulumi's analyzer reads from the sources", () =>
    assertReferencePage("components/hosted/schema.json", `${JSON.stringify(hostedSchema(), null, 2)}\n`));
});
