/** A number in the language's own digits and marks, with at most four significant digits after the point's place. */
export function formatNumber(value: number, language: string): string {
  const digits = Math.abs(value) >= 1000 ? 0 : Math.abs(value) >= 100 ? 1 : Math.abs(value) >= 1 ? 2 : 3
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value)
}

/** A count, grouped. */
export function formatCount(value: number, language: string): string {
  return new Intl.NumberFormat(language).format(value)
}
