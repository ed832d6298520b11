import type { Properties } from "../shared/values";
import { Secret } from "../shared/values";
import { algorithmOf, describePublicKey, keyId, readPrivateKey } from "./keys";
import { Inputs } from "./resources/resource";

/** `tls:index/getPublicKey:getPublicKey`: the public half of a private key in PEM. */
export function getPublicKey(args: Properties): Properties {
  const inputs = new Inputs(args);
  const pem = inputs.text("privateKeyPem");
  if (pem === undefined) {
    throw new Error(
      "`privateKeyPem` is required: keys in OpenSSH format are not read here, convert them to PEM.",
    );
  }
  const key = readPrivateKey(pem, "privateKeyPem");
  return {
    id: keyId(key),
    algorithm: algorithmOf(key),
    privateKeyPem: new Secret(pem),
    ...describePublicKey(key),
  };
}
