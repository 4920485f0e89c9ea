// How long the page's own tasks keep it from answering, as the browser's tracing tells it.

import type { Browser, CDPSession, Page } from '@playwright/test';

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  /** Of the processor's time: what the task did itself, without waiting for its turn. Microseconds. */
  tdur?: number;
  args?: { name?: string };
}

export interface Task {
  phase: string;
  millis: number;
}

const MARK = 'phase ';

/** Marks that from now on `name` is being done. */
export async function phase(page: Page, name: string): Promise<void> {
  await page.evaluate((mark) => performance.mark(mark), MARK + name);
}

const YARDSTICK = 'yardstick';
const YARDSTICK_MS = 50;

/** Has the page do a fixed piece of work, about 50 ms of a processor of 2024, by which others are measured. */
export async function layYardstick(page: Page): Promise<void> {
  await phase(page, YARDSTICK);
  await page.evaluate(() => {
    let sum = 0;
    for (let n = 0; n < 10_000_000; n += 1) sum = (sum * 31 + n) % 1_000_003;
    return sum;
  });
}

/** The tasks of the page itself that took longer than `millis`, or than that would be on a slower processor. */
export function longer(tasks: readonly Task[], millis: number): Task[] {
  const yardstick = tasks.find((one) => one.phase === YARDSTICK)?.millis;
  if (yardstick === undefined) throw new Error('no yardstick was laid');
  const most = millis * Math.max(1, yardstick / YARDSTICK_MS);
  return tasks.filter((one) => one.phase !== YARDSTICK && one.millis > most);
}

/** Watches until asked; then tells the page's tasks since the first phase, longest first. */
export async function watchTasks(browser: Browser): Promise<() => Promise<Task[]>> {
  const session = await browser.newBrowserCDPSession();
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', 'blink.user_timing'] },
  });
  return async () => {
    await stop(session);
    return tasksIn(events);
  };
}

async function stop(session: CDPSession): Promise<void> {
  const complete = new Promise<void>((done) => session.once('Tracing.tracingComplete', () => done()));
  await session.send('Tracing.end');
  await complete;
}

function tasksIn(events: readonly TraceEvent[]): Task[] {
  const phases = events.filter((event) => event.name.startsWith(MARK)).sort((a, b) => a.ts - b.ts);
  const mains = events.filter((event) => event.name === 'thread_name' && event.args?.name === 'CrRendererMain');
  const main = mains.find((event) => event.pid === phases[0]?.pid);
  return events
    .filter((event) => event.ph === 'X' && event.pid === main?.pid && event.tid === main.tid && event.tdur !== undefined)
    .flatMap((event) => {
      const during = phases.filter((one) => one.ts <= event.ts).at(-1)?.name.slice(MARK.length);
      return during === undefined ? [] : [{ phase: during, millis: Math.round((event.tdur ?? 0) / 1_000) }];
    })
    .sort((a, b) => b.millis - a.millis);
}
