import { isDnsLabel, type Problems } from "./validation";

/** A name of which that of a Service is made, and labels and names of its pods' objects. @param longest characters */
export function checkServiceName(name: string, longest: number, problems: Problems): void {
  problems.check(
    isDnsLabel(name) && name.length <= longest && /^[a-z]/.test(name),
    "name",
    `"${name}" must be at most ${longest} lower-case letters, digits and "-", beginning with a letter: it names the Service`,
  );
}
