/** The verb, deaf to a second press about the same thing while the first is under way. */
export function once<T, Rest extends unknown[]>(
  verb: (about: T, ...rest: Rest) => Promise<void>,
): (about: T, ...rest: Rest) => Promise<void> {
  const under = new Set<T>();
  return async (about, ...rest) => {
    if (under.has(about)) return;
    under.add(about);
    try {
      await verb(about, ...rest);
    } finally {
      under.delete(about);
    }
  };
}
