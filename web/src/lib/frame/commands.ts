// Every place and verb of the page, as the palette offers them.

import { openSections } from '../admin/sections';
import { i18n, LANGUAGES, type LanguageChoice } from '../i18n/i18n.svelte';
import { explain } from '../i18n/problem';
import { actionsFor } from '../library/actions';
import { selection } from '../library/selection.svelte';
import { words as gridWords } from '../library/words';
import { router } from '../router/router.svelte';
import { SETTINGS_SECTIONS } from '../router/routes';
import { session } from '../session.svelte';
import { theme, THEMES } from '../theme.svelte';
import { toasts } from '../toasts.svelte';
import { frame } from './frame.svelte';
import type { Command } from './palette';
import { words } from './words';

export function commands(): Command[] {
  return [...deeds(), ...places(), ...page(), ...looks()];
}

/** What can be done to the selection, or to what is open. */
function deeds(): Command[] {
  const chosen = frame.chosen();
  if (!chosen) return [];
  const { tiles, scope } = chosen;
  const group = i18n.of(words).groups.selected(tiles.length);
  return actionsFor(tiles, scope, i18n.t, i18n.of(gridWords)).map(({ id, label, keys, run }) => ({
    id,
    label,
    group,
    keys,
    run: () => run(() => selection.clear()),
  }));
}

function places(): Command[] {
  const t = i18n.of(words);
  const { nav } = i18n.t;
  const go = (label: string, href: string): Command => ({ id: href, label, group: t.groups.places, keys: '', run: () => router.go(href) });
  return [
    go(nav.photos, '/photos'),
    go(nav.search, '/search'),
    go(nav.collections, '/collections'),
    go(nav.shared, '/shared'),
    go(nav.favourites, '/favourites'),
    go(nav.archive, '/archive'),
    go(nav.locked, '/locked'),
    go(nav.trash, '/trash'),
    go(nav.import, '/import'),
    ...SETTINGS_SECTIONS.map((section) => go(t.settings(i18n.t.settings.tabs[section]), `/settings/${section}`)),
    ...openSections((permission) => session.can(permission)).map((section) =>
      go(t.admin(t.adminNames[section] ?? section), `/admin/${section}`),
    ),
  ];
}

function page(): Command[] {
  const t = i18n.of(words);
  const group = t.groups.page;
  const { goToDate } = frame;
  return [
    { id: 'upload', label: t.upload, group, keys: 'u', run: () => frame.pickFiles() },
    ...(goToDate ? [{ id: 'date', label: t.goToDate, group, keys: 'g', run: goToDate }] : []),
    { id: 'help', label: i18n.t.nav.shortcuts, group, keys: '?', run: () => (frame.help = true) },
    { id: 'sign-out', label: t.signOut, group, keys: '', run: () => void signOut() },
  ];
}

function looks(): Command[] {
  const t = i18n.of(words);
  const group = t.groups.look;
  const languages: LanguageChoice[] = ['system', ...(Object.keys(LANGUAGES) as LanguageChoice[])];
  return [
    ...THEMES.map((choice) => ({ id: `theme-${choice}`, label: t.theme[choice], group, keys: '', run: () => theme.choose(choice) })),
    ...languages.map((choice) => ({ id: `language-${choice}`, label: t.language[choice], group, keys: '', run: () => i18n.choose(choice) })),
  ];
}

async function signOut(): Promise<void> {
  try {
    await session.signOut();
  } catch (error) {
    toasts.fail(explain(error, i18n.t, i18n.locale));
  }
}
