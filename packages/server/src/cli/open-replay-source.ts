import { coreContext, formatInstant, parseEntity, parseTemporalEntity } from '@cityloop/ngsi-ld'
import type { Instant } from '@cityloop/ngsi-ld'
import type { ReplaySource } from '#connectors/replay/replay-source.ts'
import type { OpenCity } from '#main/run-city.ts'
import type { Reached, Remote } from './reach-city.ts'

const pageSize = 100

/** Reads the history of the city that a command reached, in this process or through the server that owns it. */
export function openReplaySource(reached: Reached): ReplaySource {
  return reached.kind === 'open' ? citySource(reached.city) : remoteSource(reached.remote)
}

function citySource({ store, access }: OpenCity): ReplaySource {
  const scopeOf = (tenant: string) => access.readScope({ id: 'urn:cityloop:replay', tenant }, 'replay')
  return {
    async *evolutions(tenant, types, from, until, signal) {
      const query =
        types.length === 0
          ? {}
          : { entities: [{ types: { kind: 'anyOf' as const, alternatives: types.map((type) => [{ written: type, expanded: type }]) } }] }
      const temporal = { timeproperty: 'observedAt' as const, from, until }
      for (let offset = 0; ; offset += pageSize) {
        const read = { tenant, scope: scopeOf(tenant), query, temporal, offset, limit: pageSize, count: false }
        const page = await store.queryEvolution(read, signal)
        yield* page.evolutions
        if (page.isLast) return
      }
    },
    entity: (tenant, id) => store.retrieve(tenant, scopeOf(tenant), id),
  }
}

function remoteSource(remote: Remote): ReplaySource {
  async function typesOf(tenant: string): Promise<readonly string[]> {
    const { typeList } = (await (await remote.request('GET', '/ngsi-ld/v1/types', { tenant })).json()) as { readonly typeList: readonly string[] }
    return typeList
  }

  async function* evolutions(tenant: string, types: readonly string[], from: Instant, until: Instant): ReturnType<ReplaySource['evolutions']> {
    const wanted = types.length === 0 ? await typesOf(tenant) : types
    if (wanted.length === 0) return
    const interval = `timerel=between&timeAt=${formatInstant(from)}&endTimeAt=${formatInstant(until)}`
    for (let offset = 0; ; offset += pageSize) {
      const query = `type=${encodeURIComponent(wanted.join(','))}&${interval}&limit=${pageSize}&offset=${offset}`
      const reply = await remote.request('GET', `/ngsi-ld/v1/temporal/entities?${query}`, { tenant })
      const page = (await reply.json()) as readonly unknown[]
      if (reply.status === 206 && until - from > 1) {
        // The answer was cut in time: each half of the interval is asked for on its own.
        const middle = from + Math.floor((until - from) / 2)
        yield* evolutions(tenant, wanted, from, middle)
        yield* evolutions(tenant, wanted, middle, until)
        return
      }
      for (const document of page) yield parseTemporalEntity(document, coreContext)
      if (page.length < pageSize) return
    }
  }

  return {
    evolutions,
    async entity(tenant, id) {
      const reply = await remote.request('GET', `/ngsi-ld/v1/entities?id=${encodeURIComponent(id)}`, { tenant })
      const [document] = (await reply.json()) as readonly unknown[]
      return document === undefined ? undefined : parseEntity(document, coreContext)
    },
  }
}
