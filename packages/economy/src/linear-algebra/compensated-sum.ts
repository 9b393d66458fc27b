/** Sum by Neumaier's compensation (Neumaier 1974): the rounding error does not grow with the number of terms. */
export function compensatedSum(terms: Iterable<number>): number {
  let sum = 0
  let lost = 0
  for (const term of terms) {
    const next = sum + term
    lost += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum
    sum = next
  }
  return Number.isFinite(lost) ? sum + lost : sum
}

/** Compensated scalar product of two vectors of the same length. */
export function dot(left: ArrayLike<number>, right: ArrayLike<number>): number {
  let sum = 0
  let lost = 0
  for (let i = 0; i < left.length; i++) {
    const term = (left[i] ?? 0) * (right[i] ?? 0)
    const next = sum + term
    lost += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum
    sum = next
  }
  return Number.isFinite(lost) ? sum + lost : sum
}
