import type { Message } from "@platformatic/kafka";
import type { Delivery, Outgoing } from "./message-queue";

/** A record of Kafka as it was read. */
export type KafkaMessage = Message<Buffer, Buffer, Buffer, Buffer>;

/** What the producer takes. */
export interface KafkaRecord {
  readonly topic: string;
  readonly key: Buffer;
  readonly value?: Buffer;
  readonly headers: Map<Buffer, Buffer>;
}

/** A message of a partition. */
export class KafkaDelivery implements Delivery {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly origin: string;
  readonly identity: string;

  constructor(readonly message: KafkaMessage) {
    // A record without a value is no request; it is answered as an empty one would be.
    this.body = message.value ?? Buffer.alloc(0);
    this.headers = texts(message.headers);
    this.origin = `${message.topic}/${message.partition}/${message.offset}`;
    this.identity = this.origin;
  }
}

export function resultRecord(topic: string, { key, headers, body }: Outgoing): KafkaRecord {
  return { topic, key: Buffer.from(key), value: body, headers: new Map(Object.entries(headers).map(bytes)) };
}

/** The original as it was, its key included, so that it can be sent again; the further headers take the place of its own. */
export function deadLetterRecord(
  topic: string,
  { message }: KafkaDelivery,
  { key, headers }: Omit<Outgoing, "body">,
  withBody: boolean,
): KafkaRecord {
  const kept = [...(message.headers ?? [])].filter(
    ([name]) => !Object.hasOwn(headers, name.toString().toLowerCase()),
  );
  return {
    topic,
    key: message.key ?? Buffer.from(key),
    ...(withBody && message.value ? { value: message.value } : {}),
    headers: new Map([...kept, ...Object.entries(headers).map(bytes)]),
  };
}

/** Names in lower case; of several headers of one name the last one counts. */
function texts(headers: ReadonlyMap<Buffer, Buffer> | undefined): Record<string, string> {
  const entries = [...(headers ?? [])].map(([name, value]) => [
    name.toString().toLowerCase(),
    value?.toString() ?? "",
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

function bytes([name, value]: [string, string]): [Buffer, Buffer] {
  return [Buffer.from(name), Buffer.from(value)];
}
