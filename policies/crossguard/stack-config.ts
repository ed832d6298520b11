import type { Handlers } from "./answer-by-type";

/** What the engine says of the stack before it asks which policies there are. */
interface StackCall {
  readonly request: { getConfigMap(): { entries(): IterableIterator<[string, string]> } };
}

/** An error as gRPC has it: the engine shows the text and ends. */
const refusal = (message: string): Error => Object.assign(new Error(message), { code: 3, details: message });

/**
 * Tells the stack's configuration, texts by `namespace:key`, to whoever is to know it.
 * @param listen throws where the configuration makes no sense; the engine then ends with its message
 */
export function tellStackConfig(
  handlers: Handlers,
  listen: (config: Readonly<Record<string, string>>) => void,
): Handlers {
  const { configureStack } = handlers;
  if (!configureStack) return handlers;
  return {
    ...handlers,
    configureStack: (call, callback) => {
      try {
        listen(Object.fromEntries((call as unknown as StackCall).request.getConfigMap().entries()));
      } catch (error) {
        return callback(refusal((error as Error).message));
      }
      return configureStack(call, callback);
    },
  };
}
