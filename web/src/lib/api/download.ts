// Downloads that the browser streams to disk itself.

/**
 * Posts a plain form into a hidden frame, whose answer is a download. An answer that is none (a
 * problem) loads in the frame instead, which is how failure shows.
 */
export function postForDownload(action: string, fields: Record<string, string>, onFail: () => void): void {
  const frame = document.createElement('iframe');
  frame.name = `download-${Date.now()}`;
  frame.hidden = true;
  document.body.append(frame);
  const form = document.createElement('form');
  form.method = 'post';
  form.action = action;
  form.target = frame.name;
  form.hidden = true;
  for (const [name, value] of Object.entries(fields)) {
    const field = document.createElement('input');
    field.name = name;
    field.value = value;
    form.append(field);
  }
  document.body.append(form);
  frame.addEventListener('load', () => {
    if (frame.contentDocument?.URL === 'about:blank') return;
    onFail();
    frame.remove();
  });
  form.submit();
  form.remove();
}
