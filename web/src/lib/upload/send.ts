// One file to POST /assets.

import { vault } from '../api/client';
import type { Uploaded } from '../api/types';
import type { Wish } from './collect';

export interface Sending {
  file: File;
  wish: Wish;
  /** Verified by the server when given. */
  sha256: string | null;
  onProgress: (sent: number) => void;
  signal: AbortSignal;
}

export async function send({ file, wish, sha256, onProgress, signal }: Sending): Promise<Uploaded> {
  const progress = (sent: number): void => onProgress(Math.min(sent, file.size));
  const extras = { ...(wish.details ? { details: wish.details } : {}), ...(wish.motion ? { motion: wish.motion } : {}) };
  return (await vault.upload(file, { ...extras, sha256, onProgress: progress, signal })) as Uploaded;
}
