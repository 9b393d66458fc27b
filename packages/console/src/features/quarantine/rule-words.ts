import type { TFunction } from 'i18next'

/** Rules by which the server refuses messages that have words of ours; others are shown by their name. */
const known = new Set([
  'unknown-key',
  'unknown-device',
  'payload-size',
  'payload-text',
  'payload-json',
  'payload-form',
  'payload-ultralight',
  'no-value',
  'number-text',
  'place-form',
  'relationship-text',
  'time-form',
  'time-absurd',
  'expression',
  'codec-error',
  'codec-time',
  'codec-memory',
  'codec-missing',
  'uplink-form',
  'refused',
])

/** What a rule means, in words. */
export function ruleWords(rule: string, t: TFunction): string {
  return known.has(rule) ? t(`quarantine.rule.${rule}`) : rule
}

/** What a technician can do about a message that a rule refused, in words. */
export function ruleAdvice(rule: string, t: TFunction): string {
  return known.has(rule) ? t(`quarantine.advice.${rule}`) : t('quarantine.adviceOther')
}
