import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { ImportRefusal } from '../import-refusal.ts'
import { loadMapping, shippedMappingNames } from '../shipped-mappings.ts'
import { mappingTexts, small } from './mapping-texts.arbitrary.ts'
import { parseMapping } from './parse-mapping.ts'

function refusal(text: string): string {
  try {
    parseMapping('m.yaml', text)
  } catch (error) {
    assert.ok(error instanceof ImportRefusal, String(error))
    return error.message
  }
  assert.fail('the mapping was accepted')
}

void test('a mapping is read into rules', () => {
  const mapping = parseMapping('m.yaml', small)
  assert.equal(mapping.title, 'Bins')
  assert.deepEqual(mapping.entities[0]?.id.parts, ['urn:ngsi-ld:WasteContainer:', { text: 'number', line: 6 }])
  assert.deepEqual(mapping.entities[0]?.attributes[0]?.source, {
    kind: 'computed',
    computation: { operation: 'divide', operands: [{ text: 'level', line: 9 }, 100] },
  })
  assert.equal(mapping.entities[0]?.attributes[0]?.isObserved, true)
})

void test('every refusal names the key and its line', () => {
  assert.equal(refusal(small.replace('format: csv', 'format: xls')), 'm.yaml, line 3: file.format must be one of csv, json, geojson, not "xls"')
  assert.equal(refusal(small.replace('title: Bins\n', '')), 'm.yaml, line 1: the mapping has no key title')
  assert.equal(
    refusal(small.replace('divide', 'eval')),
    'm.yaml, line 9: entities[0].attributes.fillingLevel.compute.eval is not an operation; these are: add, subtract, multiply, divide, min, max, round',
  )
  assert.match(refusal(small.replace('time:', 'tiem:')), /^m\.yaml, line 7: entities\[0\]\.tiem is not a key here; these are: type, id, when, time/)
  assert.match(
    refusal(small.replace('dd/MM/yyyy', 'dd/mm/yyyy')),
    /^m\.yaml, line 7: entities\[0\]\.time\.format must have a year, a month and a day/,
  )
  assert.match(refusal(small.replace('{number}', '{number')), /^m\.yaml, line 6: entities\[0\]\.id has a brace that holds no column name/)
  assert.match(refusal(small.replace('urn:ngsi-ld:WasteContainer:', 'bin-')), /^m\.yaml, line 6: entities\[0\]\.id must begin with urn:/)
  assert.match(refusal(`${small}zone: Europe/Atlantis\n`), /^m\.yaml, line 10: zone must be an IANA time zone/)
  assert.match(refusal(`${small}title: again\n`), /^m\.yaml, line 10: .*unique/)
  assert.match(refusal(small.replace('[level, 100]', '[level')), /^m\.yaml, line \d+: /)
  assert.equal(refusal('a: &x 1\nb: *x\n'), 'm.yaml, line 2: b is an alias, which mappings do not have')
  assert.match(refusal(`${small}where: &w { a: b }\nwide: *w\n`), /wide is an alias/)
  assert.equal(refusal(''), 'm.yaml, line 1: the mapping must be a map, not nothing')
})

void test('every mapping that comes along is read, and names attribution and licence', async () => {
  const names = await shippedMappingNames()
  assert.ok(names.length >= 9, names.join(', '))
  for (const name of names) {
    const { source } = await loadMapping(name)
    assert.ok(source.attribution.length > 5 && URL.canParse(source.license), name)
  }
})

void test('the mapping in docs/import.md is one', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../../../docs/import.md'), 'utf8')
  const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(text) ?? []
  assert.equal(parseMapping('docs/import.md', example).entities[0]?.attributes.length, 2)
})

void test('10,000 random mapping files are read or refused in one sentence that names the file', () => {
  fc.assert(
    fc.property(mappingTexts(), (text) => {
      try {
        parseMapping('m.yaml', text)
      } catch (error) {
        assert.ok(error instanceof ImportRefusal, error instanceof Error ? (error.stack ?? '') : String(error))
        assert.match(error.message, /^m\.yaml(, line \d+: | is )[^\n]+$/)
      }
    }),
    { seed: 20260302, numRuns: 10_000 },
  )
})
