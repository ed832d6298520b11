import assert from "node:assert";
import { isWellKnownPassword } from "../../../policies/model/well-known-passwords";

describe("well-known passwords", () => {
  for (const text of [
    "admin",
    "Password123!",
    "P@ssw0rd-2024!",
    "change-me",
    " Welcome1 ",
    "$ecret",
    "12345678",
    "0000",
  ])
    it(`has ${text}`, () => assert.equal(isWellKnownPassword(text), true));

  for (const text of [
    "",
    "hunter2-prod",
    "4096",
    "correct-horse-battery",
    "k8Yt!w2#Qz9f",
    "administration-tool",
    "300",
  ])
    it(`does not have ${text || "an empty text"}`, () => assert.equal(isWellKnownPassword(text), false));
});
