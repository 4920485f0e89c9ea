// How far an API key reaches. Pure.

export const REACHES = ['all', 'look', 'add', 'some'] as const;
export type Reach = (typeof REACHES)[number];

const LOOK = ['assets:read'];
const ADD = [...LOOK, 'assets:write'];

/** The scopes to ask for; null is everything that the owner may do. */
export function scopesOf(reach: Reach, chosen: string[]): string[] | null {
  switch (reach) {
    case 'all':
      return null;
    case 'look':
      return LOOK;
    case 'add':
      return ADD;
    case 'some':
      return chosen;
  }
}

/** Whether a key with these scopes can do all that its owner may. */
export function reachesAll(scopes: readonly string[], permissions: readonly string[]): boolean {
  return permissions.every((permission) => scopes.includes(permission));
}
