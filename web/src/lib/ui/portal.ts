/** Attachment: puts the node at the end of the body, out of clipping and inert ancestors. */
export function portal(node: HTMLElement): () => void {
  document.body.append(node);
  return () => node.remove();
}
