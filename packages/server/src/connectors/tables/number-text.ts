/** What separates whole and fraction in a column's numbers. */
export type DecimalMark = 'point' | 'comma'

/**
 * How one text can be read as a number: `whole` in both ways alike; `point` or `comma` in one way only; `perhaps-point` and `perhaps-comma` have one mark
 * with three digits after it, which the other way reads as thousands; `none` in neither.
 */
export type NumberForm = 'whole' | 'point' | 'comma' | 'perhaps-point' | 'perhaps-comma' | 'none'

/** Says how a text can be read as a number; spaces around it don't count. */
export function numberFormOf(text: string): NumberForm {
  const trimmed = text.trim()
  if (whole.test(trimmed)) return 'whole'
  if (perhapsPoint.test(trimmed)) return 'perhaps-point'
  if (perhapsComma.test(trimmed)) return 'perhaps-comma'
  if (withPoint.test(trimmed) || thousandsByComma.test(trimmed)) return 'point'
  if (withComma.test(trimmed) || thousandsByPoint.test(trimmed)) return 'comma'
  return 'none'
}

/** Reads a number whose decimal mark is known; `undefined` where the text is none, or too large for one. */
export function numberOf(text: string, mark: DecimalMark): number | undefined {
  const trimmed = text.trim()
  const form = numberFormOf(trimmed)
  if (form === 'none') return undefined
  const isPoint = form === 'whole' || form === 'point' || form === 'perhaps-point'
  const fitsMark = mark === 'point' ? isPoint || form === 'perhaps-comma' : form === 'whole' || form === 'comma' || form.startsWith('perhaps')
  if (!fitsMark) return undefined
  const plain = mark === 'point' ? trimmed.replaceAll(',', '') : trimmed.replaceAll('.', '').replace(',', '.')
  const value = Number(plain)
  return Number.isFinite(value) ? value : undefined
}

const whole = /^[+-]?\d+([eE][+-]?\d{1,3})?$/
const perhapsPoint = /^[+-]?[1-9]\d{0,2}\.\d{3}$/
const perhapsComma = /^[+-]?[1-9]\d{0,2},\d{3}$/
const withPoint = /^[+-]?(\d+\.\d*|\.\d+)([eE][+-]?\d{1,3})?$/
const withComma = /^[+-]?(\d+,\d*|,\d+)([eE][+-]?\d{1,3})?$/
const thousandsByComma = /^[+-]?[1-9]\d{0,2}(,\d{3})*(,\d{3}\.\d+|,\d{3},\d{3})$/
const thousandsByPoint = /^[+-]?[1-9]\d{0,2}(\.\d{3})*(\.\d{3},\d+|\.\d{3}\.\d{3})$/
