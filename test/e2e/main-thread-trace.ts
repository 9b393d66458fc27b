import type { CDPSession } from 'playwright-core'

/** Tasks of one page's main thread while a trace ran: thread CPU time and wall-clock time of each, in milliseconds. */
export type MainThreadTasks = { readonly cpuMs: readonly number[]; readonly wallMs: readonly number[] }

type TraceEvent = {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  readonly dur?: number
  readonly tdur?: number
  readonly args?: { readonly name?: string }
}

/** Traces the browser for a while and answers the tasks of the busiest renderer's main thread, which is the page's. */
export async function traceMainThread(browser: CDPSession, forMs: number): Promise<MainThreadTasks> {
  const events: TraceEvent[] = []
  const collect = (chunk: { value: unknown[] }): void => {
    for (const event of chunk.value as TraceEvent[]) {
      if (event.name === 'thread_name' || event.name === 'RunTask') events.push(event)
    }
  }
  browser.on('Tracing.dataCollected', collect)
  const complete = new Promise<boolean>((resolve) => {
    browser.once('Tracing.tracingComplete', ({ dataLossOccurred }) => resolve(dataLossOccurred))
  })
  await browser.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: {
      recordMode: 'recordUntilFull',
      traceBufferSizeInKb: 100_000,
      includedCategories: ['disabled-by-default-devtools.timeline'],
      excludedCategories: ['*'],
    },
  })
  await new Promise((resolve) => setTimeout(resolve, forMs))
  await browser.send('Tracing.end')
  const isTorn = await complete
  browser.off('Tracing.dataCollected', collect)
  if (isTorn) throw new Error('The trace has lost events: trace for a shorter while')
  return tasksOf(events)
}

function tasksOf(events: readonly TraceEvent[]): MainThreadTasks {
  const mains = new Set(events.filter((event) => event.name === 'thread_name' && event.args?.name === 'CrRendererMain').map(threadOf))
  const byThread = Map.groupBy(
    events.filter((event) => event.ph === 'X' && mains.has(threadOf(event))),
    threadOf,
  )
  const busiest = [...byThread.values()].toSorted((a, b) => sum(b) - sum(a))[0] ?? []
  if (busiest.length === 0) throw new Error('The trace holds no task of a renderer’s main thread')
  if (busiest.every((event) => event.tdur === undefined)) throw new Error('The trace holds no thread CPU times')
  return { cpuMs: busiest.map((event) => (event.tdur ?? 0) / 1000), wallMs: busiest.map((event) => (event.dur ?? 0) / 1000) }
}

function threadOf(event: TraceEvent): string {
  return `${event.pid} ${event.tid}`
}

function sum(events: readonly TraceEvent[]): number {
  return events.reduce((total, event) => total + (event.tdur ?? 0), 0)
}
