import { refuse } from '../refusal.ts'

/**
 * LM3 of one contract (New Economics Foundation): what is spent, what of it is spent again locally, and what of that is, over the first. A calculator for
 * procurement, with rounds cut at three and no accounts behind it: never add it to a Type II multiplier.
 */
export function localMultiplier3(spent: number, respent: number, respentAgain: number): number {
  if (!(spent > 0)) refuse('LM3', `the first round is ${spent}; it must be above zero`)
  if (!(respent >= 0 && respent <= spent)) refuse('LM3', `the second round is ${respent}, outside 0 to ${spent}`)
  if (!(respentAgain >= 0 && respentAgain <= respent)) refuse('LM3', `the third round is ${respentAgain}, outside 0 to ${respent}`)
  return (spent + respent + respentAgain) / spent
}

/** Limit of all rounds when the same share stays local each time. */
export function endlessMultiplier(share: number): number {
  if (!(share >= 0 && share < 1)) refuse('LM3', `the local share is ${share}; it must be at least 0 and below 1`)
  return 1 / (1 - share)
}
