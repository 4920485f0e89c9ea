import { router } from '../router/router.svelte';

/** State of the frame that views and keys share. */
class FrameState {
  /** The shortcut sheet is open. */
  help = $state(false);
  /** The open collection that takes files: what is uploaded now goes into it too. */
  destination = $state.raw<{ id: string; name: string } | null>(null);
  /** The view takes dropped files itself. */
  takesDrops = $state(false);
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
