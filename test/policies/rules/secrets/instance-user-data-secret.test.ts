import { UNKNOWN } from "../../../../policies/testing";
import { instanceUserDataSecret } from "../../../../policies/rules/secrets/instance-user-data-secret";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

describeRule(instanceUserDataSecret, {
  good: {
    script: example("instance", {
      userData: "#!/bin/sh\nexport LEVEL=info\nexport DB_PASSWORD=$(aws secretsmanager get-secret-value)\n",
    }),
    encoded: set("launchTemplate", "userData", base64("#!/bin/sh\necho hello\n")),
  },
  bad: {
    "a template's": set(
      "launchTemplate",
      "userData",
      base64("#!/bin/sh\nexport DB_PASSWORD=hunter2-hunter2\n"),
    ),
    "an instance's": example("instance", { userData: "#!/bin/sh\nAWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\n" }),
    "an instance's, encoded": example("instance", {
      userDataBase64: base64("export API_TOKEN='9f86d081884c7d65'"),
    }),
  },
  partial: {
    "a line of many": example("launchConfiguration", {
      userData: "#!/bin/sh\nset -e\nexport LEVEL=info\nDB_PASSWORD=hunter2-hunter2 ./run\n",
    }),
  },
  notJudged: {
    number: example("instance", { userData: 7 }),
    "lines instead of a text": example("instance", { userData: ["export DB_PASSWORD=hunter2-hunter2"] }),
  },
  unknown: { data: example("instance", { userData: UNKNOWN }) },
});
