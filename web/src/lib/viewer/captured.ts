// A capture time as a form has it: wall time, and the zone's offset as far as it is known. Pure.

/** `2024-06-21T21:58:13` as a date-and-time field wants it. */
export const forField = (local: string): string => local.slice(0, 19);

/** What a date-and-time field gives, with seconds; null when it is empty. */
export function fromField(text: string): string | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text)) return null;
  return text.length === 16 ? `${text}:00` : text.slice(0, 19);
}

/** Every offset in use on Earth, west to east. */
export const OFFSETS: readonly string[] = [
  '-12:00', '-11:00', '-10:00', '-09:30', '-09:00', '-08:00', '-07:00', '-06:00', '-05:00', '-04:00', '-03:30',
  '-03:00', '-02:30', '-02:00', '-01:00', '+00:00', '+01:00', '+02:00', '+03:00', '+03:30', '+04:00', '+04:30',
  '+05:00', '+05:30', '+05:45', '+06:00', '+06:30', '+07:00', '+08:00', '+08:45', '+09:00', '+09:30', '+10:00',
  '+10:30', '+11:00', '+12:00', '+12:45', '+13:00', '+13:45', '+14:00',
];
