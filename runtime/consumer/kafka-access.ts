import { isIP } from "node:net";
import type { BaseOptions } from "@platformatic/kafka";
import { brokerCredentials, brokerTls, type BrokerAccess, type BrokerFlags } from "./broker-access";

/** What every client of Kafka's is made with. @throws UsageError where a file cannot be read */
export function kafkaAccess(
  addresses: readonly string[],
  access: BrokerAccess,
  flags: BrokerFlags = "--broker",
): BaseOptions {
  const { brokerAuth } = access;
  const tls = brokerTls(access, flags);
  return {
    clientId: "slipway",
    bootstrapBrokers: [...addresses],
    autocreateTopics: false,
    // Behind one address there may be several brokers, told apart by the name that is asked for; addresses are no names.
    ...(tls ? { tls, tlsServerName: addresses.some((address) => !isIP(hostOf(address))) } : {}),
    ...(brokerAuth === "none"
      ? {}
      : {
          sasl: {
            mechanism: brokerAuth.toUpperCase() as "PLAIN" | "SCRAM-SHA-256" | "SCRAM-SHA-512",
            // Read at every connection: a Secret's files change when its passwords do.
            username: () => brokerCredentials(access, process.env, flags).username,
            password: () => brokerCredentials(access, process.env, flags).password,
          },
        }),
  };
}

function hostOf(address: string): string {
  return address.slice(0, address.lastIndexOf(":"));
}
