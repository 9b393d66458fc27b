/**
 * Holds what the shipped mappings make of the open data in TEST_DATA against the JSON schemas of the Smart Data Models (there too), and lists where they
 * differ: `node tools/check-models.ts [MAPPING...]`. Deviations are listed, and no failure: the schemas ask for more than some sources have.
 */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { AnySchemaObject, ErrorObject } from 'ajv'
import { compactIri, coreContext, isJsonObject } from '@cityloop/ngsi-ld'
import type { Entity, Json } from '@cityloop/ngsi-ld'
import { importFiles } from '../packages/server/src/connectors/import/import-files.ts'
import { loadMapping, shippedMappingNames } from '../packages/server/src/connectors/shipped-mappings.ts'
import { cityloopTerms } from '../packages/server/src/runtime/cityloop-terms.ts'

/** By mapping, the file in TEST_DATA that it is for. */
const files: Readonly<Record<string, string>> = {
  'aarhus-parking': 'parking-aarhus/parking.csv.gz',
  'aarhus-traffic': 'traffic-aarhus/traffic_5min.csv.gz',
  'aarhus-weather': 'weather-aarhus/weather_2014-08.csv',
  'amedas-weather': 'weather-japan-amedas/amedas.csv.gz',
  'cambridge-electricity': 'energy-cambridge/electricity_kwh_hourly_2019.csv.gz',
  'cambridge-gas': 'energy-cambridge/gas_kwh_hourly_2019.csv.gz',
  'edinburgh-bin-collections': 'waste-edinburgh/sensor_bin_collections.csv',
  'edinburgh-litter-bins': 'waste-edinburgh/litter-bins.geojson',
  'madrid-air-quality': 'air-quality-madrid/oct_mo19.csv.gz',
  'muenster-parking': 'parking-muenster/parking_free_2024-04_2024-05.csv.gz',
  'santander-environment': 'environment-santander/sensores_smart_env_monitoring_2016-04-11.json',
  'wyndham-bins': 'waste-wyndham/smartbin_fill_daily.csv',
}

const data = process.env['TEST_DATA']
if (data === undefined) {
  console.error('TEST_DATA is not set: it names the folder of the open data and of the schemas')
  process.exit(2)
}
const names = process.argv.length > 2 ? process.argv.slice(2) : await shippedMappingNames()
const models = openModels(join(data, 'smart-data-models'))
const termOf = new Map(Object.entries(cityloopTerms).map(([term, iri]) => [iri, term]))

for (const name of names) {
  const file = files[name]
  if (file === undefined || !existsSync(join(data, file))) console.log(`${name}: no file in TEST_DATA`)
  else await check(name, join(data, file))
}

async function check(name: string, path: string): Promise<void> {
  const entities = await entitiesOf(name, path)
  const deviations = new Map<string, number>()
  for (const document of entities)
    for (const deviation of new Set(deviationsOf(document))) deviations.set(deviation, (deviations.get(deviation) ?? 0) + 1)
  console.log(`${name}: ${entities.length} entities, ${deviations.size === 0 ? 'no deviation' : `${deviations.size} kinds of deviation`}`)
  for (const [deviation, count] of [...deviations].toSorted(([one], [other]) => one.localeCompare(other)))
    console.log(`  ${deviation} (${count} of ${entities.length})`)
}

/** The entities as they are after the whole file, in the simplified representation that the schemas are written for. */
async function entitiesOf(name: string, path: string): Promise<readonly Readonly<Record<string, Json>>[]> {
  const documents = new Map<string, Record<string, Json>>()
  const observe = ({ id, types, attributes }: Entity): { readonly kind: 'changed' } => {
    const document = documents.get(id) ?? { id, type: types.map(shortName)[0] ?? '' }
    for (const [iri, instances] of Object.entries(attributes)) document[shortName(iri)] = instances.at(-1)?.value ?? null
    documents.set(id, document)
    return { kind: 'changed' }
  }
  const nowhere = { get: () => Promise.resolve(undefined), put: () => Promise.resolve(), delete: () => Promise.resolve() }
  await importFiles(
    { observe: (_tenant, entities) => Promise.resolve(entities.map(observe)), progress: nowhere },
    { tenant: '', files: [{ path, mapping: await loadMapping(name) }], rejectedPath: () => join(tmpdir(), `check-models-${name}.csv`) },
  )
  return [...documents.values()]
}

function shortName(iri: string): string {
  return termOf.get(iri) ?? compactIri(coreContext, iri)
}

function deviationsOf(document: Readonly<Record<string, Json>>): readonly string[] {
  const type = typeof document['type'] === 'string' ? document['type'] : ''
  const model = models.get(type)
  if (model === undefined) return [`${type}: there is no schema of this type`]
  const errors = model.validate(document) ? [] : (model.errors() ?? [])
  const known = new Set([...model.attributes, 'id', 'type', 'license'])
  return [
    ...errors.filter(({ keyword }) => keyword !== 'allOf').map((error) => `${type}: ${sentenceOf(error)}`),
    ...Object.keys(document)
      .filter((attribute) => !known.has(attribute))
      .map((attribute) => `${type}.${attribute} is no attribute of the model`),
  ]
}

function sentenceOf({ keyword, instancePath, message, params }: ErrorObject): string {
  const at = instancePath === '' ? '' : `${instancePath.slice(1).replaceAll('/', '.')} `
  return keyword === 'required' ? `${String(params['missingProperty'])} is required` : `${at}${message ?? keyword}`
}

type Model = { readonly attributes: ReadonlySet<string>; validate(document: unknown): boolean; errors(): readonly ErrorObject[] | undefined }

/** The schemas of all types; those that they refer to are found by the last parts of their address, since the models state several. */
function openModels(folder: string): ReadonlyMap<string, Model> {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true, logger: false })
  ajv.addFormat('date-time', (text: string) => /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(text))
  ajv.addFormat('uri', (text: string) => URL.canParse(text))
  for (const format of ['idn-email', 'email', 'time', 'date', 'duration']) ajv.addFormat(format, true)
  const documents = globSync('**/*schema.json', { cwd: folder }).map((path) => ({
    path,
    schema: JSON.parse(readFileSync(join(folder, path), 'utf8')) as AnySchemaObject,
  }))
  const shared = new Map(
    documents.filter(({ path }) => !path.endsWith('/schema.json')).map(({ path, schema }) => [path.split('/').at(-1) ?? '', schema]),
  )
  const models = new Map<string, Model>()
  for (const [file, schema] of shared) ajv.addSchema({ ...(localRefs(schema) as AnySchemaObject), $id: `local:${file}` })
  for (const { path, schema } of documents) {
    if (!path.endsWith('/schema.json')) continue
    const validate = ajv.compile({ ...(localRefs(schema) as AnySchemaObject), $id: `local:${path}` })
    const attributes = new Set<string>()
    collect(schema, schema, shared, attributes)
    models.set(path.split('/').at(-2) ?? path, {
      attributes,
      validate: (document) => validate(document) === true,
      errors: () => validate.errors ?? undefined,
    })
  }
  return models
}

/** References to the shared schemas, wherever they are said to lie, as references to the files here. */
function localRefs(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(localRefs)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      if (key !== '$ref' || typeof member !== 'string' || member.startsWith('#')) return [key, localRefs(member)]
      const [address = '', fragment = ''] = member.split('#')
      return [key, `local:${address.split('/').at(-1) ?? ''}#${fragment}`]
    }),
  )
}

function collect(schema: unknown, root: unknown, shared: ReadonlyMap<string, unknown>, attributes: Set<string>): void {
  if (!isJsonObject(schema)) return
  for (const name of Object.keys(isJsonObject(schema['properties']) ? schema['properties'] : {})) attributes.add(name)
  for (const part of Array.isArray(schema['allOf']) ? schema['allOf'] : []) collect(part, root, shared, attributes)
  if (typeof schema['$ref'] !== 'string') return
  const [address = '', fragment = ''] = schema['$ref'].split('#')
  const base = address === '' ? root : shared.get(address.split('/').at(-1) ?? '')
  let found: unknown = base
  for (const step of fragment.split('/').filter((part) => part !== '')) found = isJsonObject(found) ? found[step] : undefined
  collect(found, base, shared, attributes)
}
