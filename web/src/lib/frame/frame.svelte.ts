import type { Tile } from '../library/tile';
import { router } from '../router/router.svelte';
import type { Scope } from '../router/routes';

/** State of the frame that views and keys share. */
class FrameState {
  /** The shortcut sheet is open. */
  help = $state(false);
  /** The open collection that takes files: what is uploaded now goes into it too. */
  destination = $state.raw<{ id: string; name: string } | null>(null);
  /** The view takes dropped files itself. */
  takesDrops = $state(false);
  /** The palette is open. */
  palette = $state(false);
  /** What the open view's verbs would work on. */
  chosen: () => { tiles: readonly Tile[]; scope: Scope } | null = () => null;
  /** Asks for a date to go to, where a grid is open. */
  goToDate: (() => void) | null = null;
  /** Opens the file dialog of the upload button. */
  pickFiles: () => void = () => {};
  /** Puts the cursor into the search box. */
  focusSearch: () => void = () => {};

  /** The viewer lies over everything else, which must not take focus then. */
  get covered(): boolean {
    return router.route.name === 'library' && router.route.open !== null;
  }
}

export const frame = new FrameState();
