import type { Problems } from "./validation";

/** What brokers take as a name of a topic or queue. */
const NAMES = {
  kafka: { form: /^(?!\.{1,2}$)[a-zA-Z0-9._-]{1,249}$/, words: '1 to 249 letters, digits, ".", "_" and "-"' },
  rabbitmq: {
    form: /^(?!amq\.)[\x21-\x7e]{1,255}$/,
    words: '1 to 255 printable ASCII characters without spaces, not beginning with "amq."',
  },
} as const;

/** Records a name that the broker would not take. */
export function checkQueueName(
  kind: keyof typeof NAMES,
  path: string,
  name: string,
  problems: Problems,
): void {
  const { form, words } = NAMES[kind];
  problems.check(form.test(name), path, `"${name}" must have ${words}`);
}
