import { createHash } from "node:crypto";
import type { ConsumeMessage, Options } from "amqplib";
import { HEADER } from "./headers";
import type { Delivery, Outgoing } from "./message-queue";

/** A message of a queue. */
export class RabbitDelivery implements Delivery {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly origin: string;
  readonly messageId: string | undefined;

  constructor(
    readonly message: ConsumeMessage,
    queue: string,
  ) {
    const { messageId, contentEncoding } = message.properties as Properties;
    this.body = message.content;
    this.headers = {
      ...texts(message.properties.headers),
      ...(contentEncoding ? { [HEADER.contentEncoding]: contentEncoding } : {}),
    };
    this.origin = queue;
    this.messageId = messageId || undefined;
  }

  /** A message without a name is told from others by what it asks: RabbitMQ counts deliveries, not messages. */
  get identity(): string {
    const { body, headers } = this;
    const hash = createHash("sha256");
    hash.update(
      JSON.stringify([headers[HEADER.model], headers[HEADER.modelVersion], headers[HEADER.jsonLength]]),
    );
    return `sha256:${hash.update(body).digest("hex")}`;
  }
}

interface Properties {
  readonly messageId?: string;
  readonly correlationId?: string;
  readonly contentEncoding?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
}

/** By these RabbitMQ sends copies to queues of the sender's choice. */
const ROUTING_HEADERS = ["CC", "BCC"];

export function resultProperties(
  { message, messageId }: RabbitDelivery,
  { key, headers }: Outgoing,
): Options.Publish {
  const { correlationId } = message.properties as Properties;
  return {
    persistent: true,
    mandatory: true,
    messageId: key,
    // Whoever asked finds what it asked for, whether it looks for the one or the other.
    correlationId: correlationId || messageId || key,
    contentType: headers[HEADER.contentType],
    headers: { ...headers },
    timestamp: now(),
  };
}

/** The original's properties, but for what would keep it from being stored, and the further headers. */
export function deadLetterProperties(
  { message }: RabbitDelivery,
  { key, headers }: Omit<Outgoing, "body">,
): Options.Publish {
  // A message with a user is refused from anybody else, and one that expires would be gone.
  const {
    userId: _user,
    expiration: _expiration,
    deliveryMode: _mode,
    clusterId: _cluster,
    ...kept
  } = message.properties as Options.Publish & { deliveryMode?: number; clusterId?: string };
  const own = Object.entries((message.properties as Properties).headers ?? {}).filter(
    ([name]) => !ROUTING_HEADERS.includes(name) && !Object.hasOwn(headers, name.toLowerCase()),
  );
  return {
    ...kept,
    persistent: true,
    mandatory: true,
    messageId: kept.messageId || key,
    headers: { ...Object.fromEntries(own), ...headers },
    timestamp: kept.timestamp ?? now(),
  };
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}

function texts(headers: Readonly<Record<string, unknown>> | undefined): Record<string, string> {
  const entries = Object.entries(headers ?? {}).map(([name, value]) => [
    name.toLowerCase(),
    typeof value === "object" && value !== null && !Buffer.isBuffer(value)
      ? JSON.stringify(value)
      : String(value),
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}
