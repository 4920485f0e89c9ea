// A name that is written from right to left, put into a sentence, must not turn what stands around it.
// Marks of Unicode keep it by itself (UAX #9, section 2.4); where a name stands alone, <bdi> or dir does.

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const BEGIN = '\u2068';
const END = '\u2069';

export function isolate(text: string): string {
  return RIGHT_TO_LEFT.test(text) ? `${BEGIN}${text}${END}` : text;
}

const made = new WeakMap<object, unknown>();

/** The same words, with every text that is put into one of their sentences kept by itself. */
export function isolating<T>(words: T): T {
  if (words === null || (typeof words !== 'object' && typeof words !== 'function')) return words;
  const known = made.get(words) as T | undefined;
  if (known !== undefined) return known;
  const kept = typeof words === 'function' ? sentence(words as unknown as Sentence) : mapped(words);
  made.set(words, kept);
  return kept as T;
}

type Sentence = (...parts: unknown[]) => unknown;

function sentence(write: Sentence): Sentence {
  return (...parts) => write(...parts.map((part) => (typeof part === 'string' ? isolate(part) : part)));
}

function mapped(words: object): object {
  if (Array.isArray(words)) return words.map((word: unknown) => isolating(word));
  return Object.fromEntries(Object.entries(words).map(([key, word]) => [key, isolating<unknown>(word)]));
}
