import {
  ALGORITHMS,
  CURVE_NAMES,
  DEFAULT_CURVE,
  DEFAULT_RSA_BITS,
  describePrivateKey,
  describePublicKey,
  generateKey,
  keyId,
} from "../keys";
import type { Algorithm, Curve } from "../keys";
import type { TlsResource } from "./resource";
import { atLeast, oneOf, required } from "./resource";

/** Less is no longer a secret; node refuses to make such keys in some builds. */
const MINIMUM_RSA_BITS = 1024;

const SECRET = ["privateKeyPem", "privateKeyPemPkcs8", "privateKeyOpenssh"] as const;

/** `tls:index/privateKey:PrivateKey` */
export const privateKey: TlsResource = {
  defaults: { ecdsaCurve: DEFAULT_CURVE, rsaBits: DEFAULT_RSA_BITS },
  computed: [
    ...SECRET,
    "publicKeyPem",
    "publicKeyOpenssh",
    "publicKeyFingerprintMd5",
    "publicKeyFingerprintSha256",
  ],
  secret: SECRET,
  updatable: [],
  check: (inputs) => [
    ...required(inputs, "algorithm"),
    ...oneOf(inputs, "algorithm", ALGORITHMS),
    ...oneOf(inputs, "ecdsaCurve", CURVE_NAMES),
    ...atLeast(inputs, "rsaBits", MINIMUM_RSA_BITS),
  ],
  async create(inputs) {
    // Checked before: all three hold what these types say.
    const algorithm = inputs.text("algorithm") as Algorithm;
    const curve = inputs.text("ecdsaCurve") as Curve;
    const key = await generateKey(algorithm, curve, inputs.number("rsaBits") ?? DEFAULT_RSA_BITS);
    return { id: keyId(key), computed: { ...describePrivateKey(key), ...describePublicKey(key) } };
  },
};
