/** What charts, tutorials and their readers put where a password is asked for, without digits and signs. */
const WORDS = new Set([
  "admin",
  "administrator",
  "changeme",
  "changeit",
  "default",
  "demo",
  "example",
  "grafana",
  "guest",
  "letmein",
  "minio",
  "minioadmin",
  "monkey",
  "mysql",
  "operator",
  "pass",
  "passwd",
  "password",
  "postgres",
  "promoperator",
  "qwerty",
  "rabbitmq",
  "redis",
  "root",
  "secret",
  "strongpassword",
  "supersecret",
  "temp",
  "test",
  "toor",
  "user",
  "welcome",
]);

/** What rules about passwords ask for is had by these signs in the place of letters. */
const DISGUISES: Readonly<Record<string, string>> = {
  "@": "a",
  "0": "o",
  "1": "i",
  "3": "e",
  $: "s",
  "5": "s",
};

/** No list has longer ones. */
const LONGEST = 64;

const ROW = "12345678901234567890";

const plain = (text: string): string => text.replace(/[^a-z]/g, "");

/**
 * Whether a password is one that every scanner tries first: a usual word, with or without signs for letters and with digits
 * and signs around it (`P@ssw0rd-2024!`), or digits as they lie on a keyboard.
 */
export function isWellKnownPassword(text: string): boolean {
  if (text.length > LONGEST) return false;
  const given = text.trim().toLowerCase();
  if (/^\d{4,}$/.test(given) && (ROW.includes(given) || new Set(given).size === 1)) return true;
  const undisguised = given
    // Digits at the end are a year or a count, and no letters.
    .replace(/[\d\W_]+$/, "")
    .replace(/[@0135$]/g, (sign) => DISGUISES[sign]!);
  return [given, undisguised].some((one) => WORDS.has(plain(one)));
}
