import { normalProbability, normalQuantile } from './normal-distribution.ts'

/**
 * What is believed of a parameter before data: plain data, in the parameter's own unit.
 * Bounds of a normal cut it off (a truncated normal), they do not pile up its tails. `logNormal` names median and the sd of the logarithm.
 */
export type Prior =
  | { readonly kind: 'fixed'; readonly value: number }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'triangular'; readonly low: number; readonly mode: number; readonly high: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly sd: number; readonly low?: number; readonly high?: number }
  | { readonly kind: 'logNormal'; readonly median: number; readonly logSd: number }

/** A prior with the name of the parameter it belongs to. */
export interface NamedPrior {
  readonly name: string
  readonly prior: Prior
}

/** Throws a `RangeError` that names the parameter when its prior cannot be drawn from. */
export function checkPrior({ name, prior }: NamedPrior): void {
  const refuse = (why: string): never => {
    throw new RangeError(`The prior of ${name} ${why}`)
  }
  for (const [key, value] of Object.entries(prior)) {
    if (key !== 'kind' && value !== undefined && !Number.isFinite(value)) refuse(`has ${key} ${String(value)}, which is no finite number`)
  }
  switch (prior.kind) {
    case 'fixed':
      return
    case 'uniform':
      if (!(prior.low <= prior.high)) refuse(`is uniform from ${prior.low} to ${prior.high}: the low end is above the high end`)
      return
    case 'triangular':
      if (!(prior.low <= prior.mode && prior.mode <= prior.high)) {
        refuse(`is triangular with ${prior.low}, ${prior.mode}, ${prior.high}: they must rise`)
      }
      return
    case 'normal':
      if (!(prior.sd >= 0)) refuse(`has a negative sd ${prior.sd}`)
      if (prior.low !== undefined && prior.high !== undefined && !(prior.low <= prior.high)) refuse(`is cut to ${prior.low} .. ${prior.high}`)
      if (prior.sd > 0 && upperProbability(prior) - lowerProbability(prior) < 1e-9) refuse('has no mass between its bounds')
      if (prior.sd === 0 && !(prior.mean >= (prior.low ?? -Infinity) && prior.mean <= (prior.high ?? Infinity)))
        refuse('has its mean outside its bounds')
      return
    case 'logNormal':
      if (!(prior.median > 0 && prior.logSd >= 0)) refuse(`is logNormal with median ${prior.median} and logSd ${prior.logSd}`)
  }
}

/** The value below which the prior puts `probability` of its mass; `probability` lies in (0, 1). */
export function priorQuantile(prior: Prior, probability: number): number {
  switch (prior.kind) {
    case 'fixed':
      return prior.value
    case 'uniform':
      return prior.low + (prior.high - prior.low) * probability
    case 'triangular': {
      const width = prior.high - prior.low
      if (width === 0) return prior.low
      const left = (prior.mode - prior.low) / width
      return probability < left
        ? prior.low + Math.sqrt(probability * width * (prior.mode - prior.low))
        : prior.high - Math.sqrt((1 - probability) * width * (prior.high - prior.mode))
    }
    case 'normal': {
      if (prior.sd === 0) return prior.mean
      const low = lowerProbability(prior)
      const inside = low + (upperProbability(prior) - low) * probability
      const value = prior.mean + prior.sd * normalQuantile(Math.min(Math.max(inside, 1e-300), 1 - 2 ** -53))
      return Math.min(Math.max(value, prior.low ?? -Infinity), prior.high ?? Infinity)
    }
    case 'logNormal':
      return prior.median * Math.exp(prior.logSd * normalQuantile(probability))
  }
}

type Normal = Extract<Prior, { kind: 'normal' }>

function lowerProbability({ mean, sd, low }: Normal): number {
  return low === undefined ? 0 : normalProbability((low - mean) / sd)
}

function upperProbability({ mean, sd, high }: Normal): number {
  return high === undefined ? 1 : normalProbability((high - mean) / sd)
}
