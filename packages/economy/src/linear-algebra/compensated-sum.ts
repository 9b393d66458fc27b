/** Sum by Neumaier's compensation (Neumaier 1974): the rounding error does not grow with the number of terms. */
export function compensatedSum(terms: ArrayLike<number>): number {
  let sum = 0
  let lost = 0
  for (let i = 0; i < terms.length; i++) {
    const term = terms[i]!
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
    const term = left[i]! * right[i]!
    const next = sum + term
    lost += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum
    sum = next
  }
  return Number.isFinite(lost) ? sum + lost : sum
}
