// Durations for transitions run by script; none where the person asked for less motion.

const reduced = matchMedia('(prefers-reduced-motion: reduce)');

export const quick = (): number => (reduced.matches ? 0 : 120);
export const calm = (): number => (reduced.matches ? 0 : 180);
