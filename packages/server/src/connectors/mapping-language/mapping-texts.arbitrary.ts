import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'

/** A mapping of one entity. */
export const small = `title: Bins
source: { attribution: The city, license: https://example.org/licence }
file: { format: csv }
entities:
  - type: WasteContainer
    id: urn:ngsi-ld:WasteContainer:{number}
    time: { from: '{day}', format: dd/MM/yyyy }
    attributes:
      fillingLevel: { compute: { divide: [level, 100] } }
`

/** Texts near enough to mappings that every part of the reader is reached. */
export function mappingTexts(): fc.Arbitrary<string> {
  const folder = join(import.meta.dirname, '..', 'mappings')
  const shipped = ['madrid-air-quality', 'aarhus-traffic', 'santander-environment'].map((name) => readFileSync(join(folder, `${name}.yaml`), 'utf8'))
  const words = shipped.flatMap((text) => text.split(/[\s:,{}[\]]+/)).filter((word) => word !== '')
  const junk = fc.oneof(
    fc.constantFrom(...words),
    fc.constantFrom('{', '}', '[', ']', ':', '-', '#', '&a', '*a', '!!js', '~', '"', "'", '|', '0', '1e999', '{a: b}'),
    fc.string(),
  )
  const edited = fc
    .tuple(
      fc.constantFrom(small, small, small, small, small, ...shipped),
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 12 }), junk), { minLength: 1, maxLength: 4 }),
    )
    .map(([text, edits]) => {
      let result = text
      for (const [at, length, replacement] of edits) {
        const start = at % (result.length + 1)
        result = result.slice(0, start) + replacement + result.slice(start + length)
      }
      return result
    })
  const swapped = fc
    .tuple(fc.nat(), fc.oneof(fc.constantFrom(...words), fc.constantFrom('level', 'number', 'wide.value', 'row.hash', 'time', 'integer')))
    .map(([at, word]) => {
      const places = [...small.matchAll(/[\w./]+/g)]
      const place = places[at % places.length]
      return place === undefined ? small : small.slice(0, place.index) + word + small.slice(place.index + place[0].length)
    })
  const made = fc
    .array(fc.tuple(fc.nat({ max: 3 }), junk, fc.oneof(junk, fc.constant(''))), { maxLength: 12 })
    .map((lines) => lines.map(([depth, key, value]) => `${'  '.repeat(depth)}${key}: ${value}`).join('\n'))
  return fc.oneof(
    { weight: 3, arbitrary: edited },
    { weight: 1, arbitrary: swapped },
    { weight: 2, arbitrary: made },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  )
}
