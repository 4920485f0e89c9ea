import { i18n } from './i18n/i18n.svelte';
import { explain } from './i18n/problem';
import { toasts } from './toasts.svelte';

/** Waits for a verb; its failure is told by a toast. Says whether it went well. */
export async function tried(verb: Promise<unknown>): Promise<boolean> {
  try {
    await verb;
    return true;
  } catch (error) {
    toasts.fail(explain(error, i18n.t, i18n.locale));
    return false;
  }
}
