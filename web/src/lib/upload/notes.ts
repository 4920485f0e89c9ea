// Where large uploads are going on, kept in the browser: after a reload, or another day, the same file goes
// on where it was. A file is known by its bytes, or where they were not hashed by name, size and time.

const KEY = 'mediavault.uploads';
/** The server forgets one sooner; this only keeps the list short. */
const LONGEST_MS = 30 * 24 * 60 * 60 * 1000;

interface Note {
  address: string;
  at: number;
}

type Shelf = Pick<Storage, 'getItem' | 'setItem'>;

export function fingerprint(file: Pick<File, 'name' | 'size' | 'lastModified'>, sha256: string | null): string {
  return sha256 ?? `${file.size}-${file.lastModified}-${file.name}`;
}

export class Notes {
  constructor(private readonly shelf: Shelf | undefined = globalThis.localStorage) {}

  get(key: string): string | null {
    return this.#all()[key]?.address ?? null;
  }

  /** Notes it, or forgets it. */
  set(key: string, address: string | null, now: number = Date.now()): void {
    const kept = Object.entries(this.#all()).filter(([one, note]) => one !== key && now - note.at < LONGEST_MS);
    if (address !== null) kept.push([key, { address, at: now }]);
    try {
      this.shelf?.setItem(KEY, JSON.stringify(Object.fromEntries(kept)));
    } catch {
      // The browser keeps nothing: then a reload begins anew, and nothing else is different.
    }
  }

  #all(): Record<string, Note> {
    try {
      const parsed: unknown = JSON.parse(this.shelf?.getItem(KEY) ?? '{}');
      return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, Note>) : {};
    } catch {
      return {};
    }
  }
}

export const notes = new Notes();
