import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { NgsiLdError } from '../errors.ts'
import type { ErrorType } from '../errors.ts'
import { compileContext } from './compile-context.ts'
import { compactIri, contextMember, coreContext, expandTerm } from './context.ts'
import { coreContextDocument, coreContextIri, isCoreContextIri } from './core-context.ts'
import { coreTerms } from './core-terms.ts'

const nowhere = (iri: string): Promise<unknown> => Promise.reject(new Error(`nothing at ${iri}`))

function serving(documents: Readonly<Record<string, unknown>>, asked: string[] = []): (iri: string) => Promise<unknown> {
  return (iri) => {
    asked.push(iri)
    return Object.hasOwn(documents, iri) ? Promise.resolve(documents[iri]) : nowhere(iri)
  }
}

async function refuses(document: unknown, type: ErrorType, message: RegExp, load = nowhere): Promise<void> {
  await assert.rejects(
    () => compileContext(document, load),
    (error: unknown) => {
      assert.ok(error instanceof NgsiLdError, String(error))
      assert.equal(error.type, type)
      assert.match(error.message, message)
      return true
    },
  )
}

test('5.5.5 a request without a context has the core', async () => {
  const context = await compileContext(undefined, nowhere)
  assert.equal(context, coreContext)
  assert.equal(contextMember(context), coreContextIri)
  assert.equal(expandTerm(context, 'Vehicle'), 'https://uri.etsi.org/ngsi-ld/default-context/Vehicle')
  assert.equal(expandTerm(context, 'location'), 'https://uri.etsi.org/ngsi-ld/location')
  assert.equal(expandTerm(context, 'title'), 'http://purl.org/dc/terms/title')
  assert.equal(expandTerm(context, 'type'), '@type')
  assert.equal(expandTerm(context, 'ngsi-ld:default-context/x'), 'https://uri.etsi.org/ngsi-ld/default-context/x')
  assert.equal(expandTerm(context, 'https://a.example/b'), 'https://a.example/b')
  assert.equal(expandTerm(context, 'urn:a:b'), 'urn:a:b')
})

test('4.4 the core is known under the IRIs of its versions and never loaded', async () => {
  for (const version of ['', '-v1.0', '-v1.3', '-v1.8', '-v1.9']) {
    const iri = `https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context${version}.jsonld`
    assert.ok(isCoreContextIri(iri))
    assert.equal(await compileContext(iri, nowhere), coreContext)
    assert.equal(contextMember(await compileContext([iri], nowhere)), coreContextIri)
  }
  assert.ok(!isCoreContextIri('https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-non-existing.jsonld'))
})

test('4.4 the terms of the core are protected: the user cannot change them, wherever the core stands', async () => {
  const context = await compileContext(
    [
      coreContextIri,
      { Property: 'https://evil.example/Property', 'ngsi-ld': 'https://evil.example/', id: 'https://evil.example/id', own: 'ngsi-ld:own' },
    ],
    nowhere,
  )
  assert.equal(expandTerm(context, 'Property'), 'https://uri.etsi.org/ngsi-ld/Property')
  assert.equal(expandTerm(context, 'ngsi-ld:x'), 'https://uri.etsi.org/ngsi-ld/x')
  assert.equal(expandTerm(context, 'id'), '@id')
  assert.equal(expandTerm(context, 'own'), 'https://uri.etsi.org/ngsi-ld/own')
})

test('5.5.7 terms expand by the definitions of JSON-LD', async () => {
  const context = await compileContext(
    [
      {
        schema: 'https://schema.org/',
        ex: { '@id': 'https://ex.example/ns', '@prefix': true },
        noPrefix: { '@id': 'https://no.example/' },
        noDelimiter: 'https://no.example/ns',
        name: 'schema:name',
        owner: { '@id': 'schema:owner', '@type': '@id' },
        kind: { '@id': 'schema:kind', '@type': '@vocab' },
        raw: { '@id': 'schema:raw', '@type': '@json' },
        points: { '@id': 'schema:points', '@container': '@list' },
        said: { '@id': 'schema:said', '@container': ['@language', '@set'] },
        date: { '@id': 'schema:date', '@type': 'xsd:date' },
        xsd: 'http://www.w3.org/2001/XMLSchema#',
        alias: 'name',
        identifier: '@id',
        nothing: null,
        'schema:odd': { '@id': 'https://odd.example/' },
      },
      { '@vocab': 'https://vocab.example/', plain: {}, relative: 'some' },
    ],
    nowhere,
  )
  const expected = {
    name: 'https://schema.org/name',
    'schema:name': 'https://schema.org/name',
    'schema:odd': 'https://odd.example/',
    'schema://x': 'schema://x',
    'ex:a': 'https://ex.example/nsa',
    'noPrefix:a': 'noPrefix:a',
    'noDelimiter:a': 'noDelimiter:a',
    alias: 'https://schema.org/name',
    identifier: '@id',
    plain: 'https://vocab.example/plain',
    relative: 'https://vocab.example/some',
    // As JSON-LD has it, the core's @vocab is the last one and holds for all names.
    undefined: 'https://uri.etsi.org/ngsi-ld/default-context/undefined',
    constructor: 'https://uri.etsi.org/ngsi-ld/default-context/constructor',
    __proto__: 'https://uri.etsi.org/ngsi-ld/default-context/__proto__',
  }
  for (const [term, iri] of Object.entries(expected)) assert.equal(expandTerm(context, term), iri, term)
  assert.throws(() => expandTerm(context, 'nothing'), { name: 'NgsiLdError', type: 'BadRequestData' })
  assert.deepEqual(context.terms.get('date'), { iri: 'https://schema.org/date', type: 'http://www.w3.org/2001/XMLSchema#date' })
  assert.deepEqual(context.terms.get('owner'), { iri: 'https://schema.org/owner', type: '@id' })
  assert.deepEqual(context.terms.get('said'), { iri: 'https://schema.org/said', container: '@language @set' })
})

test('5.5.7 an IRI compacts to the user term, the core term, the default vocabulary, the longest prefix, or stays', async () => {
  const context = await compileContext(
    {
      a: 'https://a.example/',
      ab: 'https://a.example/b/',
      place: 'https://uri.etsi.org/ngsi-ld/location',
      longName: 'https://x.example/1',
      nameZ: 'https://x.example/2',
      nameA: 'https://x.example/2',
      name: 'https://x.example/1',
      almostFull: 'https://x.example/almostFull',
      'a:taken': { '@id': 'https://x.example/taken' },
    },
    nowhere,
  )
  assert.equal(compactIri(context, 'https://uri.etsi.org/ngsi-ld/location'), 'place')
  assert.equal(compactIri(context, 'https://uri.etsi.org/ngsi-ld/observationSpace'), 'observationSpace')
  assert.equal(compactIri(context, 'https://x.example/1'), 'name')
  assert.equal(compactIri(context, 'https://x.example/2'), 'nameA')
  assert.equal(compactIri(context, 'https://a.example/c'), 'a:c')
  assert.equal(compactIri(context, 'https://a.example/b/c'), 'ab:c')
  assert.equal(compactIri(context, 'https://uri.etsi.org/ngsi-ld/default-context/free'), 'free')
  assert.equal(compactIri(context, 'https://uri.etsi.org/ngsi-ld/default-context/almostFull'), 'ngsi-ld:default-context/almostFull')
  assert.equal(compactIri(context, 'https://uri.etsi.org/ngsi-ld/default-context/type'), 'ngsi-ld:default-context/type')
  assert.equal(compactIri(context, 'https://other.example/x'), 'https://other.example/x')
  assert.equal(compactIri(context, 'https://a.example/taken'), 'https://a.example/taken')
  assert.equal(compactIri(context, 'https://a.example///x'), 'https://a.example///x')
})

test('Remote contexts are loaded once, may include others by relative reference, and later ones win', async () => {
  const asked: string[] = []
  const load = serving(
    {
      'https://c.example/a.jsonld': { '@context': ['b.jsonld', { x: 'https://a.example/x' }] },
      'https://c.example/b.jsonld': { '@context': { x: 'https://b.example/x', y: 'https://b.example/y' } },
    },
    asked,
  )
  const context = await compileContext(
    ['https://c.example/a.jsonld', 'https://c.example/b.jsonld', { y: 'https://own.example/y' }, coreContextIri],
    load,
  )
  assert.deepEqual(asked, ['https://c.example/a.jsonld', 'https://c.example/b.jsonld'])
  assert.equal(expandTerm(context, 'x'), 'https://b.example/x')
  assert.equal(expandTerm(context, 'y'), 'https://own.example/y')
  assert.deepEqual(contextMember(context), ['https://c.example/a.jsonld', 'https://c.example/b.jsonld', { y: 'https://own.example/y' }])
})

test('5.5.7 scoped contexts are refused', async () => {
  const scoped = { Vehicle: { '@id': 'https://e.example/Vehicle', '@context': { speed: 'https://evil.example/speed' } } }
  await refuses(scoped, 'BadRequestData', /scoped @context at Vehicle/)
  await refuses(
    'https://c.example/s.jsonld',
    'BadRequestData',
    /s\.jsonld has a scoped @context/,
    serving({ 'https://c.example/s.jsonld': { '@context': scoped } }),
  )
})

test('5.5.6 what cannot be loaded is not available, and what is no context is bad', async () => {
  await refuses('https://c.example/none.jsonld', 'LdContextNotAvailable', /https:\/\/c\.example\/none\.jsonld is not available/)
  await refuses('https://c.example/x', 'BadRequestData', /has no @context/, serving({ 'https://c.example/x': { x: 'https://x.example/' } }))
  await refuses('https://c.example/x', 'BadRequestData', /at https:\/\/c\.example\/x must be/, serving({ 'https://c.example/x': { '@context': 7 } }))
  await refuses('relative.jsonld', 'BadRequestData', /must be an absolute IRI/)
  // The shape of what is stated is looked at before anything is fetched.
  await refuses(['https://c.example/none.jsonld', 7], 'BadRequestData', /not 7/)
  for (const document of [7, true, '', [[]], [null, [{}]]]) await refuses(document, 'BadRequestData', /@context/)
  for (const document of [
    { a: 7 },
    { a: 'b' },
    { a: 'a b:c d' },
    { a: 'b', b: 'a' },
    { a: { '@reverse': 'https://x.example/' } },
    { '': 'https://x.example/' },
  ])
    await refuses(document, 'BadRequestData', /The @context defines/)
  for (const document of [{ '@vocab': 7 }, { '@vocab': 'x' }, { '@version': 2 }, { '@import': 7 }, { '@language': 7 }])
    await refuses(document, 'BadRequestData', /@(vocab|version|import|language) in the @context/)
})

test('A context has walls', async () => {
  await refuses('https://c.example/1', 'BadRequestData', /includes itself/, serving({ 'https://c.example/1': { '@context': 'https://c.example/1' } }))
  const chain = (iri: string) => Promise.resolve({ '@context': `https://c.example/${Number(iri.slice(18)) + 1}` })
  await refuses('https://c.example/1', 'BadRequestData', /more than 8 deep/, chain)
  const many = Array.from({ length: 40 }, (_, i) => `https://c.example/${i}`)
  await refuses(many, 'BadRequestData', /more than 32 documents/, () => Promise.resolve({ '@context': {} }))
  const terms = Object.fromEntries(Array.from({ length: 20_001 }, (_, i) => [`t${i}`, 'https://x.example/']))
  await refuses(terms, 'BadRequestData', /more terms than are allowed/)
  const aliases = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`t${i}`, `t${i + 1}`]))
  await refuses(aliases, 'BadRequestData', /through itself/)
})

test(
  'The published core context defines what our table says',
  { skip: process.env['TEST_DATA'] === undefined && 'TEST_DATA is not set' },
  async () => {
    const folder = join(process.env['TEST_DATA'] ?? '', 'ngsi-ld-contexts')
    const read = async (file: string) => JSON.parse(await readFile(join(folder, file), 'utf8')) as { '@context': Record<string, unknown> }
    const published = await read('ngsi-ld-core-context-v1.9.jsonld')
    const ours = coreContextDocument()['@context'] as Record<string, unknown>
    // Its terms are defined as a user's are, under names that the core does not protect.
    const compiled = async (document: Record<string, unknown>) => {
      const { ngsildproof: _, ...terms } = document
      const renamed = Object.fromEntries(
        Object.entries(terms).map(([term, value]) => [term.startsWith('@') || term.includes('-') ? term : `own_${term}`, value]),
      )
      const text = JSON.stringify(renamed).replaceAll('"@type":"DateTime"', '"@type":"ngsi-ld:DateTime"').replaceAll('"geojson:', '"own_geojson:')
      return new Map([...(await compileContext(JSON.parse(text), nowhere)).terms].sort(([a], [b]) => (a < b ? -1 : 1)))
    }
    assert.deepEqual([...(await compiled(ours))], [...(await compiled(published['@context']))])
    for (const version of ['v1.6', 'v1.7', 'v1.8']) {
      const older = await compiled((await read(`ngsi-ld-core-context-${version}.jsonld`))['@context'])
      for (const [term, { iri }] of older) {
        const own = coreTerms.get(term.slice(4))
        if (own !== undefined && term !== 'own_attributeCount' && term !== 'own_attributeDetails') assert.equal(own.iri, iri, `${version} ${term}`)
      }
    }
  },
)

test(
  'Every context of the test data compiles, and its terms come back',
  { skip: process.env['TEST_DATA'] === undefined && 'TEST_DATA is not set' },
  async () => {
    const folder = join(process.env['TEST_DATA'] ?? '', 'ngsi-ld-contexts')
    const index = JSON.parse(await readFile(join(folder, 'index.json'), 'utf8')) as Record<string, string>
    const load = async (iri: string): Promise<unknown> => JSON.parse(await readFile(join(folder, index[iri] ?? ''), 'utf8'))
    let terms = 0
    for (const iri of Object.keys(index)) {
      const context = await compileContext(iri, load)
      for (const [term, { iri }] of context.terms) {
        assert.equal(expandTerm(context, term), iri)
        assert.equal(expandTerm(context, compactIri(context, iri)), iri)
        terms += 1
      }
    }
    assert.ok(terms > 1000)
  },
)
