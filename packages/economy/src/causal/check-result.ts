import type { CheckDesign, EffectScale } from './check-plan.ts'

/**
 * invalid: a diagnostic failed or data are missing, so nothing is said of the effect. inconclusive: the interval holds both no effect and the
 * expected one. supported: it excludes no effect in the expected direction. notSupported: it excludes the expected effect and does not support it.
 */
export type Verdict = 'invalid' | 'inconclusive' | 'supported' | 'notSupported'

/** One condition the design rests on, and whether the data speak against it. */
export interface Diagnostic {
  readonly name: 'periods' | 'missing' | 'preTrend' | 'preBreak' | 'autocorrelation' | 'persistence' | 'fitBeforeStart' | 'comparators'
  readonly passed: boolean
  readonly statistic: number
  /** What the statistic is held against. */
  readonly bound: number
  /** One sentence with its numbers. */
  readonly says: string
}

/** An estimate in the plan's words: fractions on the log scale, the series' unit on the level scale. */
export interface Effect {
  readonly estimate: number
  readonly interval: readonly [number, number]
  /** Two-sided; for a synthetic control the placebo rank over the number of districts. */
  readonly p: number
  /** On the scale that was estimated (logarithms on the log scale). */
  readonly onScale: { readonly estimate: number; readonly standardError: number; readonly degrees: number }
}

/** What a check found: plain data, every number finite, without time or place of its making. */
export interface CheckResult {
  readonly design: CheckDesign
  readonly scale: EffectScale
  readonly verdict: Verdict
  /** Why this verdict; the first sentence decides. */
  readonly reasons: readonly string[]
  readonly expected: number
  /** 1 - alpha, the level of the interval. */
  readonly level: number
  /** Absent when the data did not let the design be fitted. */
  readonly effect: Effect | null
  /** The least effect this design finds with the planned power in data as noisy as these. */
  readonly minimumDetectable: number | null
  readonly noise: { readonly sd: number; readonly rho: number; readonly dispersion?: number; readonly levelSd?: number } | null
  readonly diagnostics: readonly Diagnostic[]
  /** By period, in the series' own unit; what would have been is `null` where it is not known. */
  readonly path: readonly { readonly period: number; readonly observed: number | null; readonly without: number | null }[]
  /** Synthetic control: the districts that make up the synthetic one, heaviest first. */
  readonly weights?: readonly { readonly name: string; readonly weight: number }[]
  /** Synthetic control: every comparison district treated in turn, with the statistic the plan ranks them by. */
  readonly placebos?: readonly { readonly name: string; readonly effect: number; readonly ratio: number }[]
}

/** What a design hands to the verdict, all on the estimated scale. */
export interface DesignOutcome {
  readonly estimate: number
  readonly standardError: number
  readonly degrees: number
  readonly interval: readonly [number, number]
  readonly p: number
  readonly noise: NonNullable<CheckResult['noise']>
  readonly diagnostics: readonly Diagnostic[]
  /** What would have been, by period, on the estimated scale. */
  readonly without: readonly (number | null)[]
  readonly weights?: CheckResult['weights']
  readonly placebos?: CheckResult['placebos']
}
