// Every verb for some assets, as the selection bar, the palette and the keys offer it.

import Archive from '@lucide/svelte/icons/archive';
import ArchiveRestore from '@lucide/svelte/icons/archive-restore';
import CalendarClock from '@lucide/svelte/icons/calendar-clock';
import Download from '@lucide/svelte/icons/download';
import FolderPlus from '@lucide/svelte/icons/folder-plus';
import Heart from '@lucide/svelte/icons/heart';
import HeartOff from '@lucide/svelte/icons/heart-off';
import Lock from '@lucide/svelte/icons/lock';
import LockOpen from '@lucide/svelte/icons/lock-open';
import MapPin from '@lucide/svelte/icons/map-pin';
import Star from '@lucide/svelte/icons/star';
import Tag from '@lucide/svelte/icons/tag';
import Trash2 from '@lucide/svelte/icons/trash-2';
import Undo2 from '@lucide/svelte/icons/undo-2';
import type { Dictionary } from '../i18n/en';
import type { Scope } from '../router/routes';
import { asking, type Question } from './asking.svelte';
import type { Tile } from './tile';
import * as verbs from './verbs';
import type { words } from './words';

export interface Action {
  id: string;
  label: string;
  /** As the shortcut sheet writes it. */
  keys: string;
  Icon: typeof Heart;
  /** Has a place of its own in the selection bar also where there is little room. */
  first: boolean;
  /** `done` is called when it was carried out and the selection is no longer needed. */
  run: (done: () => void) => void;
}

export function actionsFor(tiles: readonly Tile[], scope: Scope, t: Dictionary, own: typeof words.en): Action[] {
  if (tiles.length === 0) return [];
  const now =
    (verb: () => Promise<void>) =>
    (done: () => void): void => {
      void verb();
      done();
    };
  const ask =
    (kind: Question) =>
    (done: () => void): void =>
      asking.ask(kind, tiles, done);
  const download: Action = {
    id: 'download',
    label: tiles.length > 1 ? t.selection.downloadZip : t.selection.download,
    keys: 'Shift d',
    Icon: Download,
    first: true,
    run: () => verbs.download(tiles),
  };
  if (tiles.every((tile) => tile.trashed_at !== null)) {
    return [
      download,
      { id: 'restore', label: t.selection.restore, keys: '', Icon: Undo2, first: true, run: now(() => verbs.restore(tiles)) },
      { id: 'delete', label: t.selection.deleteForever, keys: 'Shift Del', Icon: Trash2, first: true, run: ask('delete') },
    ];
  }
  const loved = tiles.every((tile) => tile.favourite);
  const archived = tiles.every((tile) => tile.archived ?? scope.view === 'archive');
  const locked = tiles.every((tile) => tile.locked ?? scope.view === 'locked');
  return [
    {
      id: 'favourite',
      label: loved ? t.selection.unfavourite : t.selection.favourite,
      keys: 'f',
      Icon: loved ? HeartOff : Heart,
      first: true,
      run: now(() => verbs.setFavourite(tiles, !loved)),
    },
    { id: 'collect', label: t.selection.collect, keys: 'l', Icon: FolderPlus, first: true, run: ask('collect') },
    download,
    {
      id: 'archive',
      label: archived ? own.unarchive : own.archive,
      keys: 'Shift a',
      Icon: archived ? ArchiveRestore : Archive,
      first: false,
      run: now(() => verbs.setArchived(tiles, !archived)),
    },
    {
      id: 'lock',
      label: locked ? own.unlock : own.lock,
      keys: '',
      Icon: locked ? LockOpen : Lock,
      first: false,
      run: now(() => verbs.setLocked(tiles, !locked)),
    },
    { id: 'rate', label: own.rate, keys: '0 – 5', Icon: Star, first: false, run: ask('rate') },
    { id: 'tags', label: own.addTags, keys: 't', Icon: Tag, first: false, run: ask('tags') },
    { id: 'shift', label: own.shiftDate, keys: '', Icon: CalendarClock, first: false, run: ask('shift') },
    { id: 'place', label: own.place, keys: '', Icon: MapPin, first: false, run: ask('place') },
    { id: 'trash', label: t.selection.trash, keys: 'Del', Icon: Trash2, first: true, run: now(() => verbs.trash(tiles)) },
  ];
}

/** The action a key means, for keys whose meaning does not depend on where they are pressed. */
export function actionFor(key: string): string | null {
  const meaning: Record<string, string> = { f: 'favourite', l: 'collect', A: 'archive', t: 'tags', D: 'download', Delete: 'trash' };
  return meaning[key] ?? null;
}
