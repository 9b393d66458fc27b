import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { cityloopTerms } from './cityloop-terms.ts'

const testData = process.env['TEST_DATA']

void test('every term names one absolute IRI', () => {
  for (const [term, iri] of Object.entries(cityloopTerms)) {
    assert.match(term, /^[A-Za-z]\w*$/)
    assert.ok(URL.canParse(iri), `${term}: ${iri}`)
  }
  assert.equal(cityloopTerms['AirQualityObserved'], 'https://smartdatamodels.org/dataModel.Environment/AirQualityObserved')
  assert.equal(cityloopTerms['address'], 'https://smartdatamodels.org/address')
})

void test(
  'each IRI is the one that a published context of the Smart Data Models gives the term',
  { skip: testData === undefined && 'TEST_DATA is not set' },
  () => {
    const folder = join(testData ?? '', 'smart-data-models')
    assert.ok(existsSync(folder), folder)
    const published = new Map<string, Set<unknown>>()
    for (const file of globSync('*/context.jsonld', { cwd: folder })) {
      const document = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { '@context': Record<string, unknown> }
      for (const [term, iri] of Object.entries(document['@context'])) published.set(term, (published.get(term) ?? new Set()).add(iri))
    }
    for (const [term, iri] of Object.entries(cityloopTerms)) if (term !== 'license') assert.ok(published.get(term)?.has(iri), `${term}: ${iri}`)
  },
)
