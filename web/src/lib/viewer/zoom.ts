// Zoom and pan of one picture as pure geometry. Lengths are CSS pixels, points relative to the middle
// of the stage. Zoom 1 is the picture fitted into the stage.

export interface Size {
  w: number;
  h: number;
}

export interface Point {
  x: number;
  y: number;
}

export interface View {
  zoom: number;
  /** Where the picture's middle lies. */
  x: number;
  y: number;
}

export const FITTED: View = { zoom: 1, x: 0, y: 0 };

/** Size of the picture at zoom 1: as large as the stage allows, never above its own pixels. */
export function fit(picture: Size, stage: Size): Size {
  const scale = Math.min(stage.w / picture.w, stage.h / picture.h, 1);
  return { w: picture.w * scale, h: picture.h * scale };
}

/** The zoom at which one pixel of the picture is one pixel of the screen. */
export function oneToOne(picture: Size, fitted: Size, pixelRatio: number): number {
  return picture.w / fitted.w / pixelRatio;
}

/** What double-click goes to: 1:1, or twice for a picture that is small already. */
export function closeUp(picture: Size, fitted: Size, pixelRatio: number): number {
  const full = oneToOne(picture, fitted, pixelRatio);
  return full > 1.25 ? full : 2;
}

export function maxZoom(picture: Size, fitted: Size, pixelRatio: number): number {
  return Math.max(4, 2 * oneToOne(picture, fitted, pixelRatio));
}

/** Changes the zoom so that what is under `point` stays there. */
export function zoomAt(view: View, zoom: number, point: Point): View {
  const factor = zoom / view.zoom;
  return { zoom, x: point.x - (point.x - view.x) * factor, y: point.y - (point.y - view.y) * factor };
}

/** Keeps the picture over the stage: no edge comes further in than the stage's own. */
export function confine(view: View, fitted: Size, stage: Size, most: number): View {
  const zoom = Math.min(most, Math.max(1, view.zoom));
  const reach = (length: number, room: number): number => Math.max(0, (length * zoom - room) / 2);
  const clamp = (value: number, limit: number): number => Math.min(limit, Math.max(-limit, value));
  return { zoom, x: clamp(view.x, reach(fitted.w, stage.w)), y: clamp(view.y, reach(fitted.h, stage.h)) };
}

/** Whether a preview of this width is too coarse for the zoom. */
export function wantsOriginal(zoom: number, fitted: Size, previewWidth: number, pixelRatio: number): boolean {
  return fitted.w * zoom * pixelRatio > previewWidth * 1.1;
}
