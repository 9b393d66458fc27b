import { NgsiLdError } from '@cityloop/ngsi-ld'

const mostRows = 1_000_000
const mostMs = 30_000

/** Counts what a read looks at; throws `TooComplexQuery`, saying what would narrow it, when that is too much. */
export function openBudget(): () => void {
  const startMs = performance.now()
  let rows = 0
  return () => {
    rows += 1
    const isOver = rows > mostRows || (rows % 64 === 0 && performance.now() - startMs > mostMs)
    if (isOver)
      throw new NgsiLdError(
        'TooComplexQuery',
        `The query looked at ${rows} rows without an end: name a type, an id, an area or an indexed attribute value to narrow it`,
      )
  }
}
