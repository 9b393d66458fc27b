/** Kinds of rules. */
export const ruleKinds = ['threshold', 'rate', 'absence', 'state'] as const
/** One of the kinds. */
export type RuleKind = (typeof ruleKinds)[number]

/** Severities a rule may give its alerts, the gravest first. */
export const ruleSeverities = ['critical', 'high', 'medium', 'low', 'informational'] as const
/** One of the severities. */
export type RuleSeverity = (typeof ruleSeverities)[number]

/** A rule as the server keeps it. */
export type Rule = {
  readonly id: string
  readonly title: string
  readonly type: string
  readonly severity: RuleSeverity
  readonly isActive: boolean
} & (
  | { readonly kind: 'threshold'; readonly attribute: string; readonly above: boolean; readonly limit: number; readonly clearLimit: number }
  | { readonly kind: 'rate'; readonly attribute: string; readonly limitPerHour: number }
  | { readonly kind: 'absence'; readonly attribute?: string; readonly afterS: number }
  | { readonly kind: 'state'; readonly attribute: string; readonly values: readonly string[] }
)

/** A rule being written: every field as text, those of the other kinds empty. Minutes, where the server has seconds. */
export type RuleDraft = {
  readonly id: string
  readonly title: string
  readonly type: string
  readonly severity: RuleSeverity
  readonly isActive: boolean
  readonly kind: RuleKind
  readonly attribute: string
  readonly above: boolean
  readonly limit: string
  readonly clearLimit: string
  readonly limitPerHour: string
  readonly afterMinutes: string
  /** `silent; unreachable`. */
  readonly values: string
}

/** A draft for a new rule of a type. */
export function emptyDraft(type: string): RuleDraft {
  return {
    id: '',
    title: '',
    type,
    severity: 'medium',
    isActive: true,
    kind: 'threshold',
    attribute: '',
    above: true,
    limit: '',
    clearLimit: '',
    limitPerHour: '',
    afterMinutes: '',
    values: '',
  }
}

/** A draft that changes a rule. */
export function toDraft(rule: Rule): RuleDraft {
  const shared = { ...emptyDraft(rule.type), id: rule.id, title: rule.title, severity: rule.severity, isActive: rule.isActive, kind: rule.kind }
  switch (rule.kind) {
    case 'threshold':
      return { ...shared, attribute: rule.attribute, above: rule.above, limit: String(rule.limit), clearLimit: String(rule.clearLimit) }
    case 'rate':
      return { ...shared, attribute: rule.attribute, limitPerHour: String(rule.limitPerHour) }
    case 'absence':
      return { ...shared, attribute: rule.attribute ?? '', afterMinutes: String(rule.afterS / 60) }
    case 'state':
      return { ...shared, attribute: rule.attribute, values: rule.values.join('; ') }
  }
}

/** Fields of a draft that cannot be taken yet. */
export type DraftFault = { readonly field: keyof RuleDraft; readonly fault: 'missing' | 'number' | 'positive' | 'hysteresis' }

/** The rule that a draft amounts to, or what is wrong with it; the server has the last word. */
export function parseDraft(
  draft: RuleDraft,
): { readonly rule: Readonly<Record<string, unknown>>; readonly id: string } | { readonly faults: readonly DraftFault[] } {
  const faults: DraftFault[] = []
  const need = (field: keyof RuleDraft): string => {
    const value = String(draft[field]).trim()
    if (value === '') faults.push({ field, fault: 'missing' })
    return value
  }
  const number = (field: keyof RuleDraft, mustBePositive: boolean): number => {
    const text = need(field).replace(',', '.')
    const value = Number(text)
    if (text !== '' && !Number.isFinite(value)) faults.push({ field, fault: 'number' })
    else if (text !== '' && mustBePositive && !(value > 0)) faults.push({ field, fault: 'positive' })
    return value
  }
  const shared = { title: need('title'), type: need('type'), severity: draft.severity, isActive: draft.isActive, kind: draft.kind }
  const id = draft.id === '' ? toRuleId(draft.title) : draft.id
  const own = ((): Record<string, unknown> => {
    switch (draft.kind) {
      case 'threshold': {
        const attribute = need('attribute')
        const limit = number('limit', false)
        const clearLimit = draft.clearLimit.trim() === '' ? limit : number('clearLimit', false)
        if (draft.above ? clearLimit > limit : clearLimit < limit) faults.push({ field: 'clearLimit', fault: 'hysteresis' })
        return { attribute, above: draft.above, limit, clearLimit }
      }
      case 'rate':
        return { attribute: need('attribute'), limitPerHour: number('limitPerHour', true) }
      case 'absence':
        return { afterS: number('afterMinutes', true) * 60, ...(draft.attribute.trim() === '' ? {} : { attribute: draft.attribute.trim() }) }
      case 'state': {
        const values = need('values').split(';')
        return { attribute: need('attribute'), values: values.map((value) => value.trim()).filter((value) => value !== '') }
      }
    }
  })()
  return faults.length > 0 ? { faults } : { id, rule: { ...shared, ...own } }
}

/** An id made of a title: `NO₂ above limit` gives `no2-above-limit`; a title without Latin letters gives a hash of itself. */
export function toRuleId(title: string): string {
  const slug = title
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60)
  if (slug !== '') return slug
  let hash = 0
  for (const character of title) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) >>> 0
  return `rule-${hash.toString(36)}`
}
