// Server-sent events out of text, as the HTML Living Standard §9.2.6 reads them. Pure.

export interface ServerEvent {
  /** `message` when the server names none. */
  type: string;
  data: string;
  /** The last id seen so far, empty before the first. */
  id: string;
}

export class SseParser {
  #rest = '';
  #id = '';

  /** Takes the next piece of the stream; says which events are complete now. */
  push(text: string): ServerEvent[] {
    const lines = (this.#rest + text).replaceAll('\r\n', '\n').split('\n');
    const events: ServerEvent[] = [];
    let pending: string[] = [];
    for (const line of lines.slice(0, -1)) {
      if (line !== '') {
        pending.push(line);
        continue;
      }
      const event = this.#read(pending);
      if (event) events.push(event);
      pending = [];
    }
    this.#rest = [...pending, lines.at(-1) ?? ''].join('\n');
    return events;
  }

  #read(lines: string[]): ServerEvent | null {
    let type = 'message';
    const data: string[] = [];
    for (const line of lines) {
      const colon = line.indexOf(':');
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (field === 'event') type = value;
      else if (field === 'data') data.push(value);
      else if (field === 'id') this.#id = value;
    }
    return data.length === 0 ? null : { type, data: data.join('\n'), id: this.#id };
  }
}
