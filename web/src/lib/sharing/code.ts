// A link as a QR code: what a phone's camera reads from a screen or from paper.

import { encode } from 'uqr';

/** So many modules around it must stay white (ISO/IEC 18004, section 5.3.8). */
const QUIET = 4;

export interface Code {
  /** Its side in modules, the white around it included. */
  size: number;
  /** The dark modules as the path of an SVG, one unit a module. */
  path: string;
}

export function codeOf(url: string): Code {
  const { size, data } = encode(url, { ecc: 'M', border: QUIET });
  return { size, path: data.map(runs).join('') };
}

/** A row's dark stretches, each as one rectangle. */
function runs(row: readonly boolean[], y: number): string {
  let path = '';
  for (let x = 0; x < row.length; x += 1) {
    if (!row[x]) continue;
    const end = row.indexOf(false, x);
    const width = (end < 0 ? row.length : end) - x;
    path += `M${x} ${y}h${width}v1h-${width}z`;
    x += width;
  }
  return path;
}

/** The same as a file, for a poster or a letter. */
export function fileOf({ size, path }: Code): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path d="${path}"/></svg>`;
}
