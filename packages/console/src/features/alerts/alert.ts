import { instancesOf, labelOf, positionOf } from '../../api/entity.ts'
import type { EntityDocument } from '../../api/entity.ts'

/** Severities from the gravest to the least. */
export const severities = ['critical', 'high', 'medium', 'low', 'informational'] as const
/** One of the severities. */
export type Severity = (typeof severities)[number]

/** An alert as the operator reads it. */
export type Alert = {
  readonly id: string
  readonly title: string
  readonly severity: Severity
  readonly state: 'active' | 'acknowledged' | 'cleared'
  readonly description: string
  /** The value that raised it, where it was one number or one word. */
  readonly measured: { readonly attribute: string; readonly value: number | string } | null
  /** The entity that it is about; empty where the alert names none. */
  readonly sourceId: string
  readonly issuedMs: number | null
  readonly position: { readonly lon: number; readonly lat: number } | null
  readonly acknowledgedBy: string
  readonly acknowledgedMs: number | null
  readonly note: string
}

/** Reads an entity of the type Alert; a severity that we do not know counts as medium, a state as active. */
export function toAlert(entity: EntityDocument, language: string): Alert {
  const text = (name: string): string => {
    const value = instancesOf(entity[name])[0]?.value
    return typeof value === 'string' ? value : ''
  }
  const instant = (value: string): number | null => (Number.isNaN(Date.parse(value)) ? null : Date.parse(value))
  const state = text('alertState')
  const value = instancesOf(entity['alertValue'])[0]?.value
  return {
    id: entity.id,
    title: labelOf(entity, language),
    severity: severities.find((severity) => severity === text('severity')) ?? 'medium',
    state: state === 'acknowledged' || state === 'cleared' ? state : 'active',
    description: text('description'),
    measured:
      (typeof value === 'number' || typeof value === 'string') && text('alertAttribute') !== '' ? { attribute: text('alertAttribute'), value } : null,
    sourceId: text('alertSource'),
    issuedMs: instant(text('dateIssued')),
    position: positionOf(entity),
    acknowledgedBy: text('acknowledgedBy'),
    acknowledgedMs: instant(text('acknowledgedAt')),
    note: text('acknowledgeNote'),
  }
}

/** What nobody acknowledged comes first, then the graver, then the newer. */
export function orderAlerts(alerts: readonly Alert[]): readonly Alert[] {
  const rank = (alert: Alert): number => (alert.state === 'active' ? 0 : 1)
  return alerts.toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
      (b.issuedMs ?? 0) - (a.issuedMs ?? 0) ||
      a.id.localeCompare(b.id),
  )
}

/** The entities of the alerts that stand, after changes of the live stream. */
export function applyToAlerts(
  standing: readonly EntityDocument[],
  changes: readonly { readonly id: string; readonly type: string; readonly entity: EntityDocument | null }[],
): readonly EntityDocument[] {
  const ours = changes.filter((change) => change.type === 'Alert')
  if (ours.length === 0) return standing
  const byId = new Map(standing.map((entity) => [entity.id, entity]))
  for (const { id, entity } of ours) {
    if (entity === null || toAlert(entity, 'en').state === 'cleared') byId.delete(id)
    else byId.set(id, entity)
  }
  return [...byId.values()]
}
