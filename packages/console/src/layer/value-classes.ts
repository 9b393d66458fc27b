/** Upper bounds of all classes but the last; values are put into one class more than there are bounds. */
export type ValueClasses = { readonly bounds: readonly number[]; readonly least: number; readonly most: number }

const classCount = 5

/** Cuts values into at most five classes of about equal counts, with bounds of two significant digits. Null where there is no value. */
export function toValueClasses(values: readonly number[]): ValueClasses | null {
  if (values.length === 0) return null
  const sorted = Float64Array.from(values).toSorted()
  const least = sorted[0]!
  const most = sorted.at(-1)!
  const bounds: number[] = []
  for (let nth = 1; nth < classCount; nth++) {
    const bound = roundTo(sorted[Math.floor((nth / classCount) * sorted.length)]!, most - least)
    if (bound > (bounds.at(-1) ?? least) && bound <= most) bounds.push(bound)
  }
  return { bounds, least, most }
}

/** The class of a value, from 0 for the lowest. */
export function classOf(classes: ValueClasses, value: number): number {
  const at = classes.bounds.findIndex((bound) => value < bound)
  return at < 0 ? classes.bounds.length : at
}

/** The middle of the five colours for a few classes, spread over all of them for five. */
export function colourStepOf(classes: ValueClasses, classAt: number): number {
  const last = classes.bounds.length
  return last === 0 ? 2 : Math.round((classAt / last) * (classCount - 1))
}

/** Rounds to the power of ten that gives about two digits over the spread of all values. */
function roundTo(value: number, spread: number): number {
  if (spread <= 0) return value
  const step = 10 ** (Math.floor(Math.log10(spread)) - 1)
  const rounded = Math.round(value / step) * step
  return Number(rounded.toPrecision(12))
}
