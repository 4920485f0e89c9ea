/** State of the frame that views and keys share. */
class FrameState {
  /** The shortcut sheet is open. */
  help = $state(false);
  /** A full-bleed view (the viewer) lies over everything, which must not take focus. */
  covered = $state(false);
  /** Opens the file dialog of the upload button. */
  pickFiles: () => void = () => {};
  /** Puts the cursor into the search box. */
  focusSearch: () => void = () => {};
}

export const frame = new FrameState();
