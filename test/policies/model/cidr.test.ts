import assert from "node:assert";
import { isInternet } from "../../../policies/model/cidr";

describe("isInternet", () => {
  const open = [
    "0.0.0.0/0",
    "0.0.0.0/1",
    "128.0.0.0/1",
    "64.0.0.0/3",
    "::/0",
    "2000::/3",
    "::/1",
    " 0.0.0.0/0 ",
  ];
  const closed = [
    "10.0.0.0/8",
    "192.168.0.0/16",
    "203.0.113.0/24",
    "0.0.0.0/32",
    "fd00::/8",
    "fc00::/7",
    "fe80::/10",
    "2001:db8::/32",
    "0.0.0.0",
    "",
    "/0",
    "0.0.0.0/-1",
    "everything/0",
  ];
  for (const range of open) it(`takes ${range} for everyone`, () => assert.ok(isInternet(range)));
  for (const range of closed) it(`takes \`${range}\` for somebody`, () => assert.ok(!isInternet(range)));
});
