import { UNKNOWN } from "../../../../policies/testing";
import { databaseWellKnownPassword } from "../../../../policies/rules/secrets/database-well-known-password";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const database = (password: unknown) =>
  example("database", { manageMasterUserPassword: undefined, password });
const user = (...passwords: unknown[]) =>
  put("user", "aws:elasticache/user:User", { userId: "app", userName: "app", engine: "redis", passwords });

describeRule(databaseWellKnownPassword, {
  good: {
    generated: database("k8Yt!w2#Qz9f"),
    "made by the service": example("database", {}),
    "of a user": user("correct-horse-battery-staple"),
  },
  bad: {
    "a usual word": database("admin"),
    "with all signs": database("P@ssw0rd-2024!"),
    "of a user": user("changeme12345678"),
  },
  partial: { "one of two": user("correct-horse-battery-staple", "Welcome1!") },
  notJudged: { number: database(7) },
  unknown: { password: database(UNKNOWN) },
});
