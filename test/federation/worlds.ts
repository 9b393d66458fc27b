import * as fc from 'fast-check'
import { allOperations, registration } from './brokers.ts'
import type { Broker } from './brokers.ts'

/** How five brokers know each other: broker `from` has a registration of broker `to`. */
export const shapes = {
  /** The leaf 4 knows the root again. */
  tree: [
    [0, 1],
    [0, 2],
    [1, 3],
    [2, 4],
    [4, 0],
  ],
  ring: [
    [0, 1],
    [1, 2],
    [2, 3],
    [3, 4],
    [4, 0],
  ],
} as const

export type Mode = 'inclusive' | 'auxiliary' | 'redirect' | 'exclusive'
export type Edge = { readonly from: number; readonly to: number; readonly mode: Mode }
/** An attribute of a lamp, and at which broker it is. */
export type Fact = { readonly lamp: number; readonly name: string; readonly value: number; readonly at: number }
/** A source that a broker knows besides: it does not answer, or late, or not what it was asked, or is that broker itself. */
export type Bad = { readonly kind: 'dead' | 'slow' | 'lying' | 'looping'; readonly at: number; readonly lie: number }

export const lamps = [0, 1, 2, 3, 4] as const
/** A redirect registration speaks of `height` alone; an exclusive one of the `weight` of lamp 0. */
export const names = ['power', 'colour', 'height', 'weight'] as const
export const uri = (id: number): string => `urn:ngsi-ld:Lamp:${id}`
const isRedirected = ({ name }: Pick<Fact, 'name'>): boolean => name === 'height'
const isExclusive = ({ lamp, name }: Pick<Fact, 'lamp' | 'name'>): boolean => name === 'weight' && lamp === 0

/** Whether registrations may say of an attribute that it is held elsewhere. */
export const isHeldElsewhere = (fact: Pick<Fact, 'lamp' | 'name'>): boolean => isRedirected(fact) || isExclusive(fact)

/** Which brokers may have a fact, since what is registered as held elsewhere is held by nobody on the way there (4.3.6.3). */
function homesOf(edges: readonly Edge[], fact: Pick<Fact, 'lamp' | 'name'>): readonly number[] {
  const mode = isRedirected(fact) ? 'redirect' : isExclusive(fact) ? 'exclusive' : undefined
  const proxied = edges.filter((edge) => edge.mode === mode)
  return [0, 1, 2, 3, 4].filter((at) =>
    proxied.every(({ from }) => at !== from && proxied.some((edge) => edge.from === from && reachFrom(edges, edge.to, from).has(at))),
  )
}

/** Whom a request reaches from there when it has come through `through`. */
function reachFrom(edges: readonly Edge[], start: number, through: number): ReadonlySet<number> {
  const reached = new Set([start])
  for (const at of reached) for (const { from, to } of edges) if (from === at && to !== through) reached.add(to)
  return reached
}

/** Worlds: who knows whom in which mode, and who has what. Each lamp is divided among brokers, or all of it is at one. */
export function worlds(
  modes: readonly Mode[],
): fc.Arbitrary<{ edges: readonly Edge[]; asked: number; isDivided: boolean; facts: Fact[]; bad: Bad | null }> {
  return fc
    .record({
      shape: fc.constantFrom('tree', 'ring'),
      modes: fc.array(fc.constantFrom(...modes), { minLength: 5, maxLength: 5 }),
      asked: fc.nat({ max: 4 }),
      isDivided: fc.boolean(),
      seeds: fc.uniqueArray(
        fc.record({
          lamp: fc.constantFrom(...lamps),
          name: fc.constantFrom(...names),
          value: fc.integer({ min: 0, max: 3 }),
          home: fc.nat({ max: 999 }),
        }),
        { maxLength: 14, selector: ({ lamp, name }) => `${lamp} ${name}` },
      ),
      bad: fc.option(
        fc.record({
          kind: fc.constantFrom('dead', 'slow', 'lying', 'looping'),
          at: fc.nat({ max: 4 }),
          lie: fc.nat({ max: 99 }),
        }),
      ),
    })
    .map(({ asked, bad, isDivided, modes: drawn, seeds, shape }) => {
      const isOnce = (index: number): boolean =>
        drawn.findIndex((mode, at) => mode === 'exclusive' && shapes[shape][at]?.[0] === shapes[shape][index]?.[0]) === index
      // Only one source can have an attribute exclusively.
      let edges = shapes[shape].map(([from, to], index): Edge => {
        const mode = drawn[index] ?? 'inclusive'
        return { from, to, mode: mode === 'exclusive' && !isOnce(index) ? 'inclusive' : mode }
      })
      const hasHomes = lamps.every((lamp) => names.every((name) => homesOf(edges, { lamp, name }).length > 0))
      if (!hasHomes) edges = edges.map((edge) => (edge.mode === 'redirect' || edge.mode === 'exclusive' ? { ...edge, mode: 'inclusive' } : edge))
      const facts = seeds.map(({ home, lamp, name, value }): Fact => {
        const homes = homesOf(edges, { lamp, name })
        const together = isDivided ? undefined : lamp
        return { lamp, name, value, at: homes[(together ?? home) % homes.length] ?? 0 }
      })
      const isProxied = edges.some(({ mode }) => mode === 'redirect' || mode === 'exclusive')
      return { edges, asked: shape === 'ring' ? asked : 0, isDivided: isDivided || isProxied, facts, bad }
    })
}

/** Makes the brokers know each other, and the one of them the bad source, in place of whatever they knew before. */
export async function connect(brokers: readonly Broker[], edges: readonly Edge[], bad: Bad | null, badUrl: string): Promise<void> {
  await Promise.all(
    brokers.map(async (broker, at) => {
      const { body } = await broker.ask('GET', '/csourceRegistrations?type=Lamp&limit=100')
      for (const { id } of (body ?? []) as { id: string }[]) await must(broker, 'DELETE', `/csourceRegistrations/${id}`)
      await must(broker, 'DELETE', '/entities?local=true')
      for (const { from, mode, to } of edges)
        if (from === at) for (const one of registrationsOf(mode, to, brokers[to]?.url ?? '')) await must(broker, 'POST', '/csourceRegistrations', one)
      if (bad?.at === at) {
        const endpoint = bad.kind === 'looping' ? broker.url : bad.kind === 'dead' ? 'http://127.0.0.1:1' : `${badUrl}/${bad.kind}/${bad.lie}`
        const management = { timeout: bad.kind === 'slow' ? 60 : 2000 }
        await must(broker, 'POST', '/csourceRegistrations', registration('bad', endpoint, { operations: allOperations, management }))
      }
    }),
  )
}

function registrationsOf(mode: Mode, to: number, endpoint: string): Record<string, unknown>[] {
  const alias = { contextSourceAlias: `b${to}` }
  const whole = (of: 'inclusive' | 'auxiliary'): Record<string, unknown> =>
    registration(`to${to}`, endpoint, { ...alias, mode: of, ...(of === 'auxiliary' ? {} : { operations: allOperations }) })
  if (mode === 'inclusive' || mode === 'auxiliary') return [whole(mode)]
  const entity = mode === 'redirect' ? { type: 'Lamp' } : { type: 'Lamp', id: uri(0) }
  const information = [{ entities: [entity], propertyNames: [mode === 'redirect' ? 'height' : 'weight'] }]
  return [registration(`${mode}${to}`, endpoint, { ...alias, mode, information, operations: allOperations }), whole('inclusive')]
}

/** Asks, and throws with the answer where it is no success. */
export async function must(broker: Broker | undefined, method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await broker?.ask(method, path, body)
  if (answer === undefined || answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`)
  return answer.body
}

/** What the lying source answers, by the number of the lie. */
export const lies: readonly { readonly status: number; readonly type: string; readonly body: string }[] = [
  { status: 200, type: 'text/html', body: '<h1>Welcome</h1>' },
  { status: 200, type: 'application/json', body: '[{"id":"urn:ngsi-ld:Lamp:0"' },
  { status: 200, type: 'application/json', body: '{"a":1}' },
  { status: 200, type: 'application/json', body: '[null,3,[],"x",{}]' },
  { status: 200, type: 'application/json', body: '[{"id":"urn:ngsi-ld:Lamp:99","type":"Lamp","power":{"type":"Property","value":1}}]' },
  { status: 200, type: 'application/json', body: '[{"id":"urn:ngsi-ld:Lamp:1","type":"Lamp","power":{"type":"Nonsense","value":1}}]' },
  { status: 500, type: 'application/json', body: '{"type":"https://uri.etsi.org/ngsi-ld/errors/InternalError"}' },
  { status: 400, type: 'application/json', body: '{"type":"https://uri.etsi.org/ngsi-ld/errors/BadRequestData","detail":"no"}' },
  { status: 302, type: 'text/plain', body: '' },
  { status: 508, type: 'application/json', body: '{}' },
]
