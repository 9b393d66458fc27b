import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cityImportTarget } from '../../packages/server/src/cli/open-import-target.ts'
import { parseConfig } from '../../packages/server/src/config/config.ts'
import { importFiles } from '../../packages/server/src/connectors/import/import-files.ts'
import type { FileReport } from '../../packages/server/src/connectors/import/import-files.ts'
import { loadMapping } from '../../packages/server/src/connectors/shipped-mappings.ts'
import { runCity } from '../../packages/server/src/main/run-city.ts'
import { silent } from '../../packages/server/src/runtime/log.ts'

/** How many values an attribute of an entity has in its evolution, and their sum, as the API says. */
export type Evolution = { readonly count: number; readonly sum: number }

/** A server on a store in a temporary folder, asked through its API. */
export type CityOfTest = AsyncDisposable & {
  import(mapping: string, path: string): Promise<FileReport>
  get(path: string): Promise<unknown>
  /** How many entities have a type. */
  count(type: string): Promise<number>
  /** By entity id. */
  evolution(type: string, attribute: string): Promise<ReadonlyMap<string, Evolution>>
  /** The value of an attribute at a time, or `undefined`. */
  valueAt(id: string, attribute: string, at: string): Promise<unknown>
}

export async function openCityOfTest(): Promise<CityOfTest> {
  const folder = await mkdtemp(join(tmpdir(), 'cityloop-test-import-'))
  const config = parseConfig({ CITYLOOP_DATA: join(folder, 'data'), CITYLOOP_PORT: '0', CITYLOOP_MQTT_PORT: '0' })
  const city = await runCity(config, { log: silent })
  const target = cityImportTarget(city, 'import')

  async function ask(path: string): Promise<{ readonly body: unknown; readonly headers: Readonly<Record<string, unknown>> }> {
    const link = '<http://localhost/ngsi-ld/v1/jsonldContexts/cityloop>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'
    const answer = await city.app.inject({ method: 'GET', url: path, headers: { host: 'localhost', accept: 'application/json', link } })
    if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${answer.body}`)
    return { body: JSON.parse(answer.body), headers: answer.headers }
  }

  return {
    async import(mapping, path) {
      const options = { tenant: '', files: [{ path, mapping: await loadMapping(mapping) }], rejectedPath: () => join(folder, 'rejected.csv') }
      const [report] = await importFiles(target, options)
      if (report === undefined) throw new Error('The import gave no report')
      return report
    },
    get: async (path) => (await ask(path)).body,
    async count(type) {
      const { headers } = await ask(`/ngsi-ld/v1/entities?type=${type}&count=true&limit=0`)
      return Number(headers['ngsild-results-count'])
    },
    async evolution(type, attribute) {
      const found = new Map<string, Evolution>()
      const query = `type=${type}&attrs=${attribute}&timerel=after&timeAt=1990-01-01T00:00:00Z&options=aggregatedValues&aggrMethods=totalCount,sum`
      for (let offset = 0; ; offset += pageSize) {
        const { body } = await ask(`/ngsi-ld/v1/temporal/entities?${query}&limit=${pageSize}&offset=${offset}`)
        const page = body as readonly AggregatedEntity[]
        for (const entity of page) {
          const { totalCount, sum } = entity[attribute] as Aggregated
          found.set(entity.id, { count: totalCount[0]?.[0] ?? 0, sum: sum[0]?.[0] ?? 0 })
        }
        if (page.length < pageSize) return found
      }
    },
    async valueAt(id, attribute, at) {
      const end = new Date(Date.parse(at) + 1).toISOString()
      const start = new Date(Date.parse(at) - 1).toISOString()
      const query = `id=${encodeURIComponent(id)}&attrs=${attribute}&timerel=between&timeAt=${start}&endTimeAt=${end}&options=temporalValues`
      const [entity] = (await ask(`/ngsi-ld/v1/temporal/entities?${query}`)).body as readonly Readonly<Record<string, unknown>>[]
      return (entity?.[attribute] as { readonly values?: readonly (readonly [unknown, string])[] } | undefined)?.values?.[0]?.[0]
    },
    async [Symbol.asyncDispose]() {
      await city.close()
      await rm(folder, { recursive: true })
    },
  }
}

const pageSize = 100

type AggregatedEntity = { readonly id: string } & Readonly<Record<string, unknown>>
type Aggregated = {
  readonly totalCount: readonly (readonly [number, string, string])[]
  readonly sum: readonly (readonly [number, string, string])[]
}
