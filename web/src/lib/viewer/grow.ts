import { calm } from '../motion';

/**
 * Attachment: lets the picture grow out of its tile, so that one sees where it came from. Does
 * nothing when the tile is not in sight.
 */
export function growFrom(tile: DOMRect | null): (node: HTMLElement) => void {
  return (node) => {
    const target = node.getBoundingClientRect();
    if (tile === null || tile.width === 0 || target.width === 0 || calm() === 0) return;
    const scale = Math.max(tile.width / target.width, tile.height / target.height);
    const dx = tile.x + tile.width / 2 - (target.x + target.width / 2);
    const dy = tile.y + tile.height / 2 - (target.y + target.height / 2);
    const start = { transform: `translate(${dx}px, ${dy}px) scale(${scale})` };
    node.animate([start, { transform: 'none' }], { duration: calm(), easing: 'cubic-bezier(0.2, 0, 0, 1)' });
  };
}

/** Where the asset's tile is on the screen, if it is. */
export function tileOnScreen(id: string): DOMRect | null {
  const box = document.querySelector(`[data-asset="${id}"]`)?.getBoundingClientRect();
  return box && box.bottom > 0 && box.top < innerHeight ? box : null;
}
