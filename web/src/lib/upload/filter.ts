import type { UploadItem } from './item.svelte';

/** What of an upload the list shows. */
export type Filter = 'all' | 'added' | 'duplicate' | 'failed' | 'cancelled';

export function matches(item: Pick<UploadItem, 'state' | 'arrived'>, filter: Filter): boolean {
  const duplicate = item.state === 'duplicate' || item.state === 'restored';
  switch (filter) {
    case 'all':
      return true;
    case 'added':
      return item.arrived && !duplicate;
    case 'duplicate':
      return duplicate;
    default:
      return item.state === filter;
  }
}
