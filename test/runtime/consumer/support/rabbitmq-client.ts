import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { connect, credentials, type ChannelModel, type ConfirmChannel, type Options } from "amqplib";
import { PASSWORD, USER, type RabbitBroker } from "./rabbitmq-broker";

export interface SeenMessage {
  readonly body: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read properties one by one
  readonly properties: any;
}

/** The other side of the queues: whoever asks, and reads the answers. */
export class RabbitClient {
  private constructor(
    private readonly connection: ChannelModel,
    private readonly channel: ConfirmChannel,
  ) {}

  static async connect({ address, caFile }: RabbitBroker): Promise<RabbitClient> {
    const connection = await connect(`amqps://${address}`, {
      ca: [readFileSync(caFile)],
      credentials: credentials.plain(USER, PASSWORD),
    } as Parameters<typeof connect>[1]);
    // The broker is stopped in the middle of a test.
    (connection as ChannelModel).on("error", () => undefined);
    const channel = await (connection as ChannelModel).createConfirmChannel();
    channel.on("error", () => undefined);
    return new RabbitClient(connection as ChannelModel, channel);
  }

  async createQueues(...queues: string[]): Promise<void> {
    for (const queue of queues) await this.channel.assertQueue(queue, { durable: true });
  }

  async send(
    queue: string,
    messages: readonly { body: string | Buffer; properties?: Options.Publish }[],
  ): Promise<void> {
    for (const { body, properties } of messages)
      this.channel.sendToQueue(queue, Buffer.from(body), { persistent: true, ...properties });
    await this.channel.waitForConfirms();
  }

  async count(queue: string): Promise<number> {
    return (await this.channel.checkQueue(queue)).messageCount;
  }

  /** Takes what lies in a queue, and waits until it satisfies a condition. */
  async until(
    queue: string,
    holds: (seen: readonly SeenMessage[]) => boolean,
    seen: SeenMessage[] = [],
    limitMs = 60_000,
  ): Promise<SeenMessage[]> {
    const deadline = Date.now() + limitMs;
    while (!holds(seen)) {
      const message = await this.channel.get(queue, { noAck: true });
      if (message) seen.push({ body: message.content.toString(), properties: message.properties });
      else if (Date.now() > deadline) throw new Error(`${queue} has had ${seen.length} messages only`);
      else await sleep(20);
    }
    return seen;
  }

  async close(): Promise<void> {
    await this.connection.close().catch(() => undefined);
  }
}

export const distinctIds = (seen: readonly SeenMessage[]) =>
  new Set(seen.map(({ properties }) => properties.messageId as string)).size;
