/**
 * A cost is time first, length second, in one whole number: `timeMs * 2^26 + lengthDm`. Sums and comparisons are exact up to 2^53, which holds
 * drives of 37 hours and 6,700 km; the fastest drive is found, and among equally fast ones the shortest, with both figures at hand.
 */
const lengthRange = 2 ** 26

/** No single edge is charged more, so that absurd speeds do not use up the range: nine hours. */
const longestMs = 2 ** 25

/** Cost of driving a length at a speed; at least one millisecond, at most about nine hours. */
export function costOf(lengthDm: number, kmh: number): number {
  return Math.min(longestMs, Math.max(1, Math.round((lengthDm * 360) / kmh))) * lengthRange + lengthDm
}

/** The cost with time added, rounded to the millisecond. */
export function addTime(cost: number, timeS: number): number {
  return cost + Math.round(timeS * 1000) * lengthRange
}

/** Milliseconds in a cost. */
export function timeMsOf(cost: number): number {
  return Math.floor(cost / lengthRange)
}

/** Decimetres in a cost. */
export function lengthDmOf(cost: number): number {
  return cost % lengthRange
}

/** The part of an edge's cost up to a share of it (0 to 1), both figures rounded down; the rest is `cost` less this. */
export function partOfCost(cost: number, share: number): number {
  return Math.floor(timeMsOf(cost) * share) * lengthRange + Math.floor(lengthDmOf(cost) * share)
}
