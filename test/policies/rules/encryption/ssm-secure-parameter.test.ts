import { ssmSecureParameter } from "../../../../policies/rules/encryption/ssm-secure-parameter";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const parameter = (props: Record<string, unknown>) => put("parameter", "aws:ssm/parameter:Parameter", props);

describeRule(ssmSecureParameter, {
  good: {
    "a SecureString": parameter({ name: "/app/password", type: "SecureString", value: "hunter2" }),
    "a setting": parameter({ name: "/app/level", type: "String", value: "info" }),
    "where a password lies": parameter({
      name: "/app/db-password",
      type: "String",
      value: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:db",
    }),
    "settings of a driver": parameter({ name: "/app/db", type: "String", value: "Server=db;Port=5432" }),
    "JSON of odd members": parameter({
      name: "/app/db",
      type: "String",
      value: '{"token":{"toString":1},"password":["a"]}',
    }),
    "a template of a driver's text": parameter({
      name: "/app/db",
      type: "String",
      value: "Server=db;Password={password}",
    }),
    "settings as JSON": parameter({ name: "/app/db", type: "String", value: '{"host":"db","token":null}' }),
  },
  bad: {
    "named as a credential": parameter({ name: "/app/db-password", type: "String", value: "hunter2" }),
    "named by Pulumi, with random characters": put("db-password", "aws:ssm/parameter:Parameter", {
      name: "db-password-1a2b3c4",
      type: "String",
      value: "hunter2",
    }),
    "a credential by its text": parameter({
      name: "/app/key",
      type: "String",
      value: `AKIA${"A".repeat(16)}`,
    }),
    "that the engine hides": parameter({ name: "/app/db-password", type: "String", value: "[secret]" }),
    "in a driver's text": parameter({
      name: "/app/db",
      type: "String",
      value: "Server=db;User Id=app;Password=hunter2;",
    }),
    "in JSON": parameter({ name: "/app/db", type: "String", value: '{"host":"db","password":"hunter2"}' }),
    "among others of a list": parameter({
      name: "/app/db",
      type: "StringList",
      value: "user=app,password=hunter2",
    }),
    "in a list": parameter({ name: "/app/api-key", type: "StringList", insecureValue: "a1b2c3,d4e5f6" }),
  },
  partial: {
    "a key without the type": parameter({
      name: "/app/password",
      type: "String",
      keyId: "alias/app",
      value: "hunter2",
    }),
  },
  wrongType: {
    "a number as the value": parameter({ name: "/app/password", type: "String", value: 12345678 }),
    "no type": parameter({ name: "/app/password", value: "hunter2" }),
  },
  unknown: {
    type: parameter({ name: "/app/password", type: UNKNOWN, value: "x" }),
    value: parameter({ name: "/app/x", type: "String", value: UNKNOWN }),
  },
});
