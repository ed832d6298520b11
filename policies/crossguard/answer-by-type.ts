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

/** What the SDK's server and the rules have to say about types. */
export interface ByType {
  /** The SDK's own maker of handlers, for some of the policies. */
  readonly make: (policies: readonly Policy[]) => Handler;
  /** Whether a policy is about resources of a type; none is about `""`. */
  readonly isAbout: (policy: string, type: string) => boolean;
  /** Makes what adds the same list to any number of answers. */
  readonly repeat: (others: NotApplicable[]) => (answer: Answer) => void;
}

/**
 * The SDK prepares a resource for every rule before the rule can say that it is about another type, for hundreds of rules. Here
 * a resource is put to the rules about its type alone. What the others say is asked once, of a resource that has no type.
 */
export function answerByType(
  handlers: Handlers,
  policies: readonly Policy[],
  { make, isAbout, repeat }: ByType,
): Handlers {
  const types = new Map<string, OfType>();
  let everyOther: NotApplicable[] | undefined;

  const ofType = (type: string, said: readonly NotApplicable[]): OfType => {
    let known = types.get(type);
    if (!known) {
      const others = said.filter((one) => !isAbout(one.getPolicyName(), type));
      const silent = new Set(others.map((one) => one.getPolicyName()));
      const analyze = make(policies.filter(({ name }) => !silent.has(name)));
      types.set(type, (known = { analyze, addOthers: repeat(others) }));
    }
    return known;
  };

  const analyze: Handler = (call, callback) => {
    if (!everyOther) {
      return handlers.analyze!(withoutType(call), (error, answer) => {
        if (!answer) return callback(error);
        everyOther = answer.getNotApplicableList();
        return analyze(call, callback);
      });
    }
    const { analyze: ask, addOthers } = ofType(call.request.getType(), everyOther);
    return ask(call, (error, answer) => {
      if (answer) addOthers(answer);
      callback(error, answer);
    });
  };

  return {
    ...handlers,
    analyze,
    // Which rules are on, and so which answer at all, is known from here on.
    configure: (call, callback) => {
      types.clear();
      everyOther = undefined;
      return handlers.configure!(call, callback);
    },
  };
}

function withoutType({ request }: Call): Call {
  return { request: Object.create(request, { getType: { value: () => "" } }) as Call["request"] };
}
