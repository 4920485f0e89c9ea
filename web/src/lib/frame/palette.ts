// What the palette offers, and how typed letters find it. Pure but for the commands' own deeds.

export interface Command {
  id: string;
  label: string;
  /** Under which heading. */
  group: string;
  /** As the shortcut sheet writes it. */
  keys: string;
  run: () => void;
}

/** Those that fit what was typed, best first; all in their order when nothing was. */
export function matching(commands: readonly Command[], typed: string): Command[] {
  const wanted = fold(typed.trim());
  if (wanted === '') return [...commands];
  return commands
    .map((command, at) => ({ command, at, rank: rank(fold(command.label), wanted) }))
    .filter(({ rank: found }) => found > 0)
    .sort((a, b) => b.rank - a.rank || a.at - b.at)
    .map(({ command }) => command);
}

/** 4 begins with it, 3 a word does, 2 has it inside, 1 has the letters in this order, 0 does not fit. */
function rank(label: string, wanted: string): number {
  if (label.startsWith(wanted)) return 4;
  if (label.includes(` ${wanted}`)) return 3;
  if (label.includes(wanted)) return 2;
  let at = 0;
  for (const letter of label) if (letter === wanted[at]) at += 1;
  return at === wanted.length ? 1 : 0;
}

/** Without case and accents: `Über` is found by `uber`. */
function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{Mn}/gu, '').toLowerCase();
}
