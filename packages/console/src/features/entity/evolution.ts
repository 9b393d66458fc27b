import { readJson } from '../../api/client.ts'
import { timeQuery } from '../../api/time-choice.ts'
import type { TimeChoice } from '../../api/time-choice.ts'

/** One attribute's values over time, ascending; a null value is a gap that a chart must show as one. */
export type Evolution = {
  readonly atMs: readonly number[]
  readonly values: readonly (number | null)[]
  readonly pointCount: number
  readonly gapCount: number
}

type TemporalAnswer = { readonly [attribute: string]: unknown }

const mostPages = 20
const gapSteps = 2.5

/** Reads the numeric values of an attribute between two instants, following an answer that was cut (CIM 009, 6.3.10). */
export async function readEvolution(
  tenant: string | null,
  id: string,
  attribute: string,
  fromMs: number,
  toMs: number,
  time: TimeChoice,
  signal: AbortSignal,
): Promise<Evolution> {
  const base = time.mode === 'known' ? '/api/temporal/entities' : '/ngsi-ld/v1/temporal/entities'
  const asKnown = time.mode === 'known' ? timeQuery(time) : {}
  const points = new Map<number, number>()
  let startMs = fromMs
  for (let page = 0; page < mostPages; page++) {
    const query = new URLSearchParams({
      attrs: attribute,
      timerel: 'between',
      timeAt: new Date(startMs).toISOString(),
      endTimeAt: new Date(toMs).toISOString(),
      options: 'temporalValues',
      ...asKnown,
    })
    const { body, status } = await readJson<TemporalAnswer>(`${base}/${encodeURIComponent(id)}?${query}`, { tenant, signal })
    const read = pointsOf(body[attribute])
    for (const [atMs, value] of read) points.set(atMs, value)
    const lastMs = Math.max(startMs, ...read.map(([atMs]) => atMs))
    if (status !== 206 || lastMs === startMs) break
    startMs = lastMs
  }
  return toEvolution([...points])
}

/** The points of a temporalValues attribute, of all its data sets; values that are no numbers are left out. */
export function pointsOf(member: unknown): [number, number][] {
  const instances = (Array.isArray(member) ? member : [member]) as { readonly values?: unknown }[]
  return instances.flatMap((instance) => {
    const values = Array.isArray(instance?.values) ? (instance.values as unknown[]) : []
    return values.flatMap((pair): [number, number][] => {
      const [value, at] = Array.isArray(pair) ? (pair as unknown[]) : []
      const atMs = typeof at === 'string' ? Date.parse(at) : Number.NaN
      return typeof value === 'number' && !Number.isNaN(atMs) ? [[atMs, value]] : []
    })
  })
}

/** Orders points and puts a gap wherever the next value took more than two and a half times as long as usual. */
export function toEvolution(points: readonly (readonly [number, number])[]): Evolution {
  const ordered = points.toSorted((a, b) => a[0] - b[0])
  const steps = ordered.slice(1).map(([atMs], at) => atMs - ordered[at]![0])
  const usualMs = steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0
  const atMs: number[] = []
  const values: (number | null)[] = []
  let gapCount = 0
  ordered.forEach(([at, value], index) => {
    const before = ordered[index - 1]?.[0]
    if (before !== undefined && at - before > gapSteps * usualMs) {
      gapCount += 1
      atMs.push(before + (at - before) / 2)
      values.push(null)
    }
    atMs.push(at)
    values.push(value)
  })
  return { atMs, values, pointCount: ordered.length, gapCount }
}
