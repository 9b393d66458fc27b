/** The value below which a part (0 to 1) of the values lie; the median at 0.5. NaN for none. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((left, right) => left - right)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}

/** The median and the range, for a line of a report. */
export function describe(values: readonly number[], digits = 0): string {
  const show = (value: number): string => value.toFixed(digits)
  return `${show(quantile(values, 0.5))} [${show(Math.min(...values))}-${show(Math.max(...values))}]`
}
