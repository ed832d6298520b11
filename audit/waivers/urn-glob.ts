type Token = { readonly star: 1 | 2 } | { readonly char: string };

/** A pattern of URNs, read once. */
export interface UrnGlob {
  matches(urn: string): boolean;
}

/**
 * Patterns as `pulumi up --target` has them: `*` stands for any characters but a colon, `**` for any; everything else is
 * itself. Libraries for paths take `/` for the limit and give `$`, `[` or `!` a meaning, and URNs are full of them.
 *
 * Matching keeps the set of places in the pattern that the text can have come to, so that no pattern makes it slow.
 */
export function urnGlob(pattern: string): UrnGlob {
  const [tokens, stars] = [tokensOf(pattern), pattern.includes("*")];
  const [start, end] = [pattern.slice(0, pattern.indexOf("*")), pattern.slice(pattern.lastIndexOf("*") + 1)];
  return {
    matches(urn) {
      if (!stars) return urn === pattern;
      // Tells nearly all that do not match.
      if (!urn.startsWith(start) || !urn.endsWith(end)) return false;
      let places = reach(tokens, new Set([0]));
      for (const char of urn) {
        const next = new Set<number>();
        for (const place of places) {
          const token = tokens[place];
          if (token === undefined) continue;
          if ("char" in token) {
            if (token.char === char) next.add(place + 1);
          } else if (token.star === 2 || char !== ":") next.add(place);
        }
        if (next.size === 0) return false;
        places = reach(tokens, next);
      }
      return places.has(tokens.length);
    },
  };
}

/** A star may stand for nothing. */
function reach(tokens: readonly Token[], places: Set<number>): Set<number> {
  // A set that grows while it is walked is walked to its end.
  for (const place of places) {
    const token = tokens[place];
    if (token !== undefined && "star" in token) places.add(place + 1);
  }
  return places;
}

function tokensOf(pattern: string): Token[] {
  return (pattern.match(/\*\*|[^]/gu) ?? []).map((part) =>
    part === "**" ? { star: 2 } : part === "*" ? { star: 1 } : { char: part },
  );
}
