import type { Answer, NotApplicable } from "./answer-by-type";

type Serialize = (answer: Answer) => Buffer;

interface Method {
  readonly requestDeserialize: (request: Buffer) => unknown;
  readonly responseSerialize: Serialize;
}

/** A definition of a gRPC service, as far as it matters here. */
export type ServiceDefinition = Readonly<Record<string, Method>>;

/**
 * The list of rules that a resource is no matter of is most of an answer, and the same for every resource of a type: it is
 * encoded once. Encoded messages that follow one another are one message with the lists of both (Protocol Buffers, "Encoding",
 * last one wins).
 */
export class RepeatedBytes {
  private readonly bytes = new WeakMap<Answer, Buffer>();

  /** @param empty makes an answer with this list alone */
  constructor(
    private readonly service: ServiceDefinition,
    private readonly answerOf: (list: NotApplicable[]) => Answer,
  ) {}

  repeat(others: NotApplicable[]): (answer: Answer) => void {
    const encoded = this.service.analyze!.responseSerialize(this.answerOf(others));
    return (answer) => void this.bytes.set(answer, encoded);
  }

  /** The service, with answers that have what was added to them. */
  definition(): ServiceDefinition {
    const { analyze } = this.service;
    const responseSerialize: Serialize = (answer) => {
      const own = analyze!.responseSerialize(answer);
      const more = this.bytes.get(answer);
      return more ? Buffer.concat([own, more]) : own;
    };
    return { ...this.service, analyze: { ...analyze!, responseSerialize } };
  }
}
