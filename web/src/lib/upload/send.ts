// One file to POST /assets.

import { vault } from '../api/client';
import type { Uploaded } from '../api/types';

export interface Sending {
  file: File;
  /** Verified by the server when given. */
  sha256: string | null;
  onProgress: (sent: number) => void;
  signal: AbortSignal;
}

export async function send({ file, sha256, onProgress, signal }: Sending): Promise<Uploaded> {
  const progress = (sent: number): void => onProgress(Math.min(sent, file.size));
  return (await vault.upload(file, { sha256, onProgress: progress, signal })) as Uploaded;
}
