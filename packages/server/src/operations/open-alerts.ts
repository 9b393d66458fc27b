import { NgsiLdError, expandTerm, formatInstant } from '@cityloop/ngsi-ld'
import type { Attribute, Context, Entity, Instant, Json } from '@cityloop/ngsi-ld'
import { createHash } from 'node:crypto'
import { queryEntities } from '#broker/read-entities.ts'
import { writeEntities, writeEntity } from '#broker/write-entities.ts'
import type { Write, WriteDeps } from '#broker/write-entities.ts'
import type { Changes } from '#bus/changes.ts'
import type { Caller } from '#governance/access.ts'
import type { Log } from '#runtime/log.ts'
import type { OwnRows } from '#store/rows.ts'
import { judge } from './judge.ts'
import type { Sample, Verdict } from './judge.ts'
import { parseRule } from './rule.ts'
import type { Rule } from './rule.ts'

const area = 'operations'
const silenceEveryMs = 5000
const mostAtOnce = 1000

/** Rules and the alerts they make, of all tenants. */
export type Alerts = {
  rules(tenant: string): readonly Rule[]
  putRule(tenant: string, document: unknown): Promise<Rule>
  /** Clears the alerts that stand for it. Throws `ResourceNotFound`. */
  deleteRule(tenant: string, id: string): Promise<void>
  /** An operator has seen it: who, when and with which note are kept. The alert stands until its rule clears it. */
  acknowledge(caller: Caller, id: string, note: string): Promise<void>
  close(): Promise<void>
}

export type AlertDeps = WriteDeps & {
  readonly changes: Changes
  readonly context: Context
  readonly log: Log
  readonly rows: OwnRows
  readonly lastSequence: () => number
}

/** What is watched of one entity by one rule. */
type Watched = { before?: Sample; last?: Sample; alert?: string; readonly entity: Entity }

/** Loads the rules, takes up the alerts that stand, and judges every change. */
export async function openAlerts(deps: AlertDeps): Promise<Alerts> {
  const { clock, context, rows } = deps
  const name = (term: string): string => expandTerm(context, term)
  const rules = new Map<string, Map<string, Rule>>()
  /** By tenant, rule and entity. */
  const watched = new Map<string, Watched>()
  const caller = (tenant: string): Caller => ({ id: 'urn:cityloop:operations', tenant })

  for (const { tenant, value } of await rows.list(undefined, area, 'rule')) remember(tenant, parseRule(value))
  for (const [tenant, ofTenant] of rules) for (const rule of ofTenant.values()) await takeUp(tenant, rule)
  const follower = deps.changes.follow(
    deps.lastSequence(),
    async (changes) => {
      for (const { tenant, after } of changes) if (after !== undefined) await see(tenant, after)
    },
    (error) => deps.log.error('alerts_failed', { error: String(error) }),
  )
  const timer = setInterval(
    () => void lookForSilence().catch((error: unknown) => deps.log.warn('silence_check_failed', { error: String(error) })),
    silenceEveryMs,
  )

  function remember(tenant: string, rule: Rule): void {
    const known = rules.get(tenant) ?? new Map<string, Rule>()
    known.set(rule.id, rule)
    rules.set(tenant, known)
  }

  /** Watches what a rule concerns: every entity of its type, with the alert that stands for it if one does. */
  async function takeUp(tenant: string, rule: Rule): Promise<void> {
    const standing = new Map<string, string>()
    for (const alert of await all(tenant, 'Alert')) {
      if (textOf(alert, 'alertRule') === rule.id && textOf(alert, 'alertState') !== 'cleared')
        standing.set(textOf(alert, 'alertSource') ?? '', alert.id)
    }
    for (const entity of await all(tenant, rule.type)) {
      const alert = standing.get(entity.id)
      const last = sampleOf(rule, entity)
      watched.set(`${tenant}\n${rule.id}\n${entity.id}`, {
        entity,
        ...(last === undefined ? {} : { last }),
        ...(alert === undefined ? {} : { alert }),
      })
    }
  }

  async function all(tenant: string, type: string): Promise<readonly Entity[]> {
    const expanded = name(type)
    const found: Entity[] = []
    for (;;) {
      const page = await queryEntities(deps, caller(tenant), {
        query: { entities: [{ types: { kind: 'anyOf', alternatives: [[{ written: type, expanded }]] } }] },
        moment: { kind: 'now' },
        offset: found.length,
        limit: mostAtOnce,
        count: false,
      })
      found.push(...page.entities)
      if (page.isLast) return found
    }
  }

  async function see(tenant: string, entity: Entity): Promise<void> {
    for (const rule of rules.get(tenant)?.values() ?? []) {
      if (!rule.isActive || !entity.types.includes(name(rule.type))) continue
      const key = `${tenant}\n${rule.id}\n${entity.id}`
      const known = watched.get(key)
      const last = sampleOf(rule, entity)
      if (
        last === undefined ||
        (known?.last !== undefined && last.at <= known.last.at && last.value === known.last.value && last.word === known.last.word)
      )
        continue
      const entry: Watched = {
        entity,
        last,
        ...(known?.last === undefined ? {} : { before: known.last }),
        ...(known?.alert === undefined ? {} : { alert: known.alert }),
      }
      watched.set(key, entry)
      await decide(tenant, rule, entry)
    }
  }

  async function lookForSilence(): Promise<void> {
    for (const [key, entry] of watched) {
      const [tenant = '', id = ''] = key.split('\n')
      const rule = rules.get(tenant)?.get(id)
      if (rule?.kind === 'absence' && rule.isActive && entry.alert === undefined) await decide(tenant, rule, entry)
    }
  }

  async function decide(tenant: string, rule: Rule, entry: Watched): Promise<void> {
    const now = clock.now()
    const verdict = judge(rule, entry.alert !== undefined, entry.before, entry.last, now)
    if (verdict.kind === 'raise') {
      const alert = toAlert(rule, entry.entity, verdict, now)
      await writeEntities(deps, caller(tenant), [{ kind: 'upsertEntity', entity: alert, mode: 'update' }])
      entry.alert = alert.id
    } else if (verdict.kind === 'clear' && entry.alert !== undefined) {
      await writeEntities(deps, caller(tenant), [clearing(entry.alert, verdict.reason, now)])
      delete entry.alert
    }
  }

  /** Stops watching for a rule, and clears the alerts that stand for it. */
  async function release(tenant: string, id: string, reason: string): Promise<void> {
    const own = [...watched].filter(([key]) => key.startsWith(`${tenant}\n${id}\n`))
    const now = clock.now()
    const clearings = own.flatMap(([, { alert }]) => (alert === undefined ? [] : [clearing(alert, reason, now)]))
    for (let at = 0; at < clearings.length; at += mostAtOnce) await writeEntities(deps, caller(tenant), clearings.slice(at, at + mostAtOnce))
    for (const [key] of own) watched.delete(key)
  }

  function clearing(alert: string, reason: string, now: Instant): Write {
    return update(alert, { alertState: 'cleared', description: reason, validTo: formatInstant(now) }, now)
  }

  function sampleOf(rule: Rule, entity: Entity): Sample | undefined {
    if (rule.kind === 'absence' && rule.attribute === undefined) {
      const times = Object.values(entity.attributes).flatMap((instances) => instances.flatMap(({ observedAt }) => observedAt ?? []))
      return times.length === 0 ? undefined : { at: Math.max(...times) }
    }
    const instance = entity.attributes[name(rule.attribute ?? '')]?.find(({ datasetId }) => datasetId === undefined)
    if (instance === undefined) return undefined
    const at = instance.observedAt ?? instance.modifiedAt ?? 0
    if (typeof instance.value === 'string') return { at, word: instance.value }
    return typeof instance.value === 'number' ? { at, value: instance.value } : { at }
  }

  function toAlert(rule: Rule, source: Entity, { reason, value }: Extract<Verdict, { kind: 'raise' }>, now: Instant): Entity {
    const mark = createHash('sha256').update(`${rule.id}\n${source.id}\n${now}`).digest('hex').slice(0, 16)
    const property = (value: Json): Attribute[] => [{ kind: 'Property', value, observedAt: now }]
    const location = source.attributes[name('location')]?.slice(0, 1).map(({ kind, value }): Attribute => ({ kind, value }))
    return {
      id: `urn:ngsi-ld:Alert:${mark}`,
      types: [name('Alert')],
      attributes: {
        [name('name')]: property(rule.title),
        [name('category')]: property(rule.kind === 'absence' || rule.kind === 'state' ? 'device' : 'operations'),
        [name('severity')]: property(rule.severity),
        [name('description')]: property(reason),
        [name('dateIssued')]: property(formatInstant(now)),
        [name('alertSource')]: property(source.id),
        [name('alertRule')]: property(rule.id),
        ...(rule.attribute === undefined ? {} : { [name('alertAttribute')]: property(rule.attribute) }),
        ...(value === undefined ? {} : { [name('alertValue')]: property(value) }),
        [name('alertState')]: property('active'),
        ...(location === undefined || location.length === 0 ? {} : { [name('location')]: location }),
      },
    }
  }

  function update(id: string, values: Readonly<Record<string, string>>, now: Instant): Write {
    const attributes = Object.fromEntries(
      Object.entries(values).map(([term, value]) => [name(term), [{ kind: 'Property' as const, value, observedAt: now }]]),
    )
    return { kind: 'updateAttributes', entity: { id, types: [], attributes } }
  }

  function textOf(entity: Entity, term: string): string | undefined {
    const value = entity.attributes[name(term)]?.[0]?.value
    return typeof value === 'string' ? value : undefined
  }

  return {
    rules: (tenant) => [...(rules.get(tenant)?.values() ?? [])],
    async putRule(tenant, document) {
      const rule = parseRule(document)
      const before = rules.get(tenant)?.get(rule.id)
      await rows.write([{ put: { tenant, area, kind: 'rule', key: rule.id, value: rule } }])
      remember(tenant, rule)
      if (!rule.isActive) await release(tenant, rule.id, 'The rule was switched off')
      else if (before !== undefined && before.type !== rule.type) await release(tenant, rule.id, `The rule is for ${rule.type} now`)
      await takeUp(tenant, rule)
      for (const [key, entry] of watched) if (key.startsWith(`${tenant}\n${rule.id}\n`) && rule.isActive) await decide(tenant, rule, entry)
      return rule
    },
    async deleteRule(tenant, id) {
      const rule = rules.get(tenant)?.get(id)
      if (rule === undefined) throw new NgsiLdError('ResourceNotFound', `There is no rule ${id}`)
      rules.get(tenant)?.delete(id)
      try {
        // The alerts first: should the server end in between, the rule is still there for them.
        await release(tenant, id, 'The rule was deleted')
        await rows.write([{ delete: { tenant, area, kind: 'rule', key: id } }])
      } catch (error) {
        remember(tenant, rule)
        throw error
      }
    },
    async acknowledge(asking, id, note) {
      const now = clock.now()
      const alert = (
        await queryEntities(deps, asking, { query: { entities: [{ ids: [id] }] }, moment: { kind: 'now' }, offset: 0, limit: 1, count: false })
      ).entities[0]
      if (alert === undefined || !alert.types.includes(name('Alert'))) throw new NgsiLdError('ResourceNotFound', `There is no alert ${id}`)
      const state = textOf(alert, 'alertState')
      if (state !== 'active') throw new NgsiLdError('Conflict', `Alert ${id} is ${state ?? 'without state'}, so it cannot be acknowledged`)
      await writeEntity(
        deps,
        asking,
        update(
          id,
          {
            alertState: 'acknowledged',
            acknowledgedBy: asking.id,
            acknowledgedAt: formatInstant(now),
            ...(note === '' ? {} : { acknowledgeNote: note }),
          },
          now,
        ),
      )
    },
    async close() {
      clearInterval(timer)
      await follower.close()
    },
  }
}
