import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { emptyView, formatView, languages, pages, panes, parseView, sides } from './view.ts'
import type { View } from './view.ts'

const name = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' })
const moment = fc.integer({ min: 0, max: 4_000_000_000 }).map((second) => second * 1000)
const optional = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: null })
const degrees = (most: number) => fc.integer({ min: -most * 1000, max: most * 1000 }).map((milli) => milli / 1000 + 0)
const view: fc.Arbitrary<View> = fc.record({
  tenant: optional(name),
  device: optional(name),
  page: fc.constantFrom(...pages),
  side: fc.constantFrom(...sides),
  layers: optional(fc.array(name, { maxLength: 4 })),
  attributes: fc.dictionary(
    name.filter((each) => each !== '__proto__'),
    fc.stringMatching(/^[a-zA-Z0-9]{1,8}$/),
    { maxKeys: 3, noNullPrototype: true },
  ),
  entity: optional(fc.record({ id: name, type: name })),
  chart: optional(name),
  list: optional(name),
  time: fc.oneof(fc.constant({ mode: 'live' as const }), fc.record({ mode: fc.constantFrom('known' as const, 'true' as const), atMs: moment })),
  camera: optional(fc.record({ lon: degrees(180), lat: degrees(90), zoom: fc.integer({ min: 0, max: 2200 }).map((cent) => cent / 100) })),
  pane: fc.constantFrom(...panes),
  language: optional(fc.constantFrom(...languages)),
  theme: optional(fc.constantFrom('light' as const, 'dark' as const)),
})

test('an address brings the whole state back', () => {
  fc.assert(
    fc.property(view, (each) => {
      assert.deepEqual(parseView(formatView(each)), structuredClone(each))
    }),
    { seed: 2, numRuns: 1000 },
  )
})

test('no state is no query, and no layer at all is not the same as none chosen', () => {
  assert.equal(formatView(emptyView), '')
  assert.deepEqual(parseView(''), emptyView)
  assert.deepEqual(parseView(formatView({ ...emptyView, layers: [] })).layers, [])
})

test('nonsense in an address is passed over', () => {
  assert.deepEqual(parseView('?known=tomorrow&camera=1,2&pane=attic&language=xx&theme=blue&attribute=x'), emptyView)
  assert.deepEqual(parseView('?camera=91,0,3').camera, null)
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (text) => void parseView(text)),
    { seed: 9, numRuns: 1000 },
  )
})
