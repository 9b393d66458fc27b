import type { Instant } from '@cityloop/ngsi-ld'
import type { Rule } from './rule.ts'

const hourUs = 3_600_000_000

/** A value of one entity at a time; `value` is absent where it is no number, `word` where it is no text. */
export type Sample = { readonly at: Instant; readonly value?: number; readonly word?: string }

/** What a rule says of an entity now. */
export type Verdict =
  | { readonly kind: 'raise'; readonly reason: string; readonly value?: number | string }
  | { readonly kind: 'clear'; readonly reason: string }
  | { readonly kind: 'stay' }

/**
 * Judges one entity by one rule: `isRaised` says whether its alert stands, `before` and `last` are its two newest samples. Raising and clearing have
 * different limits, so that a value that trembles about one makes one alert.
 */
export function judge(rule: Rule, isRaised: boolean, before: Sample | undefined, last: Sample | undefined, now: Instant): Verdict {
  switch (rule.kind) {
    case 'threshold': {
      if (last?.value === undefined) return { kind: 'stay' }
      const { above, clearLimit, limit } = rule
      const isBeyond = above ? last.value > limit : last.value < limit
      const isBack = above ? last.value <= clearLimit : last.value >= clearLimit
      if (!isRaised && isBeyond)
        return { kind: 'raise', value: last.value, reason: `${rule.attribute} is ${last.value}, ${above ? 'above' : 'below'} ${limit}` }
      return isRaised && isBack ? { kind: 'clear', reason: `${rule.attribute} is ${last.value}` } : { kind: 'stay' }
    }
    case 'rate': {
      if (before?.value === undefined || last?.value === undefined || last.at <= before.at) return { kind: 'stay' }
      const perHour = Math.abs(last.value - before.value) / ((last.at - before.at) / hourUs)
      if (!isRaised && perHour > rule.limitPerHour)
        return {
          kind: 'raise',
          value: last.value,
          reason: `${rule.attribute} changed from ${before.value} to ${last.value}, faster than ${rule.limitPerHour} an hour`,
        }
      return isRaised && perHour < rule.limitPerHour / 2 ? { kind: 'clear', reason: `${rule.attribute} is steady` } : { kind: 'stay' }
    }
    case 'state': {
      if (last?.word === undefined) return { kind: 'stay' }
      const isThere = rule.values.includes(last.word)
      if (!isRaised && isThere) return { kind: 'raise', value: last.word, reason: `${rule.attribute} is ${last.word}` }
      return isRaised && !isThere ? { kind: 'clear', reason: `${rule.attribute} is ${last.word}` } : { kind: 'stay' }
    }
    case 'absence': {
      if (last === undefined) return { kind: 'stay' }
      const silentS = (now - last.at) / 1e6
      if (!isRaised && silentS > rule.afterS)
        return { kind: 'raise', reason: `Nothing was observed for ${Math.round(silentS)} s, more than ${rule.afterS} s` }
      return isRaised && silentS <= rule.afterS ? { kind: 'clear', reason: 'It observes again' } : { kind: 'stay' }
    }
  }
}
