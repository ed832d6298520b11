import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";

type Policy = ResourceValidationPolicy | StackValidationPolicy;

/** An answer of the analyzer's protocol, as far as it matters here. */
export interface Answer {
  getNotApplicableList(): NotApplicable[];
}

export interface NotApplicable {
  getPolicyName(): string;
  getReason(): string;
}

type Callback = (error: unknown, answer?: Answer) => void;
export type Call = { readonly request: { getType(): string } };
export type Handler = (call: Call, callback: Callback) => unknown;

/** What the SDK's server answers with, by the name of the call. */
export type Handlers = Readonly<Record<string, Handler>>;

interface OfType {
  /** Asks the rules that are about the type. */
  readonly analyze: Handler;
  /** Adds what the others say of every resource of the type. */
  readonly addOthers: (answer: Answer) => void;
}

/**
 * The SDK prepares a resource for every rule before the rule can say that it is about another type, for hundreds of rules. So
 * the first resource of a type is put to all of them, and the next ones only to those that did not say so; the answers of
 * the others are repeated.
 * @param make the SDK's own maker of handlers, for some of the policies
 * @param otherType the reason that rules about other types give
 * @param repeat makes what adds the same list to any number of answers
 */
export function answerByType(
  handlers: Handlers,
  policies: readonly Policy[],
  make: (policies: readonly Policy[]) => Handler,
  otherType: string,
  repeat: (others: NotApplicable[]) => (answer: Answer) => void,
): Handlers {
  const types = new Map<string, OfType>();
  const everyRule = handlers.analyze!;

  const learn = (type: string, answer: Answer): void => {
    const others = answer.getNotApplicableList().filter((one) => one.getReason() === otherType);
    const names = new Set(others.map((one) => one.getPolicyName()));
    types.set(type, {
      analyze: make(policies.filter(({ name }) => !names.has(name))),
      addOthers: repeat(others),
    });
  };

  return {
    ...handlers,
    // Which rules are on, and so which answer at all, is known from here on.
    configure: (call, callback) => {
      types.clear();
      return handlers.configure!(call, callback);
    },
    analyze: (call, callback) => {
      const type = call.request.getType();
      const known = types.get(type);
      return (known?.analyze ?? everyRule)(call, (error, answer) => {
        if (answer && known) known.addOthers(answer);
        else if (answer) learn(type, answer);
        callback(error, answer);
      });
    },
  };
}
