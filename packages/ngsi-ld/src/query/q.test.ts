import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { Attribute, Entity } from '../entity/entity.ts'
import { parseInstant } from '../entity/instant.ts'
import { matchesQ } from './evaluate-q.ts'
import { parseQ } from './parse-q.ts'
import { printQ } from './print-q.ts'
import { type Q, linkDepthOf } from './q.ts'
import { arbitraryQ } from './q.arbitrary.ts'
import { expand, property } from './fixture.ts'

const entity = (attributes: { readonly [name: string]: Attribute | readonly Attribute[] }): Entity => ({
  id: 'urn:x:1',
  types: [expand('T')],
  attributes: Object.fromEntries(Object.entries(attributes).map(([name, of]) => [expand(name), [of].flat()])),
})

const meets = (q: string, of: Entity, expandValues: readonly string[] = []): boolean => matchesQ(parseQ(q, expand, { expandValues }), of)

test('4.9 a printed query parses to the same tree', () => {
  fc.assert(
    fc.property(arbitraryQ, (q: Q) => {
      assert.deepEqual(parseQ(printQ(q), expand), q)
    }),
    { numRuns: 10_000, seed: 49 },
  )
})

test('4.9 any text either parses or is refused with a position or a limit', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...Array.from('ab1.,;|()[]{}<>=!~"\\* -:')), maxLength: 24 }), (text) => {
      try {
        const q = parseQ(text, expand)
        assert.deepEqual(parseQ(printQ(q), expand), q)
      } catch (error) {
        assert.match(String(error), /NgsiLdError: (q must have .* at position \d+, not|The pattern of q at position \d+ must)/)
      }
    }),
    { numRuns: 10_000, seed: 50 },
  )
})

test('4.9 the examples of the clause match what they say', () => {
  const building = entity({
    temperature: { ...property(20), observedAt: parseInstant('2018-01-01T00:00:00Z'), unitCode: 'CEL' },
    brandName: property('Opel'),
    isParked: { kind: 'Relationship', value: 'urn:ngsi-ld:OffStreetParking:Downtown1' },
    speed: property(60),
    address: property({ city: 'Berlin', street: 'Ulrich Strasse' }),
    sensor: { ...property(40), sub: { [expand('rawdata')]: [property({ airquality: { particulate: 40 } })] } },
    color: { kind: 'LanguageProperty', value: { fr: ['chat', 'rouge'], en: 'red', de: 'rot' } },
    gender: { kind: 'VocabProperty', value: expand('Male') },
    tags: property(['blue', 'red', 'green']),
    parkingTickets: { kind: 'JsonProperty', value: { id: '85a6', value: 'Overstay 60 minutes' } },
  })
  const yes = [
    'temperature',
    'temperature==20',
    'brandName!="Mercedes"',
    'brandName!=Mercedes',
    'isParked=="urn:ngsi-ld:OffStreetParking:Downtown1"',
    'isParked==urn:ngsi-ld:OffStreetParking:Downtown1',
    'speed>50;brandName!="Mercedes"',
    '((speed>50|rpm>3000);brandName=="Opel")',
    '(temperature>=20;temperature<=25)|capacity<=10',
    'temperature.observedAt>=2017-12-24T12:00:00Z',
    'temperature.observedAt=="2018-01-01T00:00:00.000Z"',
    'temperature.unitCode=="CEL"',
    'address[city]=="Berlin"',
    'sensor.rawdata[airquality.particulate]==40',
    'parkingTickets[value]=="Overstay 60 minutes"',
    'color[en]=="red"',
    'color[EN]=="red"',
    'color[fr]=="rouge"',
    'color[*]=="rouge"',
    'color=="rot"',
    'color[en]!="rot"',
    'temperature==10..20',
    'temperature!=21..30',
    'brandName=="Audi","Opel"',
    'tags=="red"',
    'tags=="black","red"',
    'tags!="black"',
    'brandName~="^Op"',
    'brandName!~="^Eiffel"',
    '!capacity;speed>50',
    'speed>50|!speed;brandName=="x"',
  ]
  for (const q of yes) assert.equal(meets(q, building), true, q)
  const no = [
    'capacity',
    'temperature=="20"',
    'temperature>"1"',
    'brandName!="Opel"',
    'address[postcode]',
    'address[city.length]',
    'color[en]=="rouge"',
    'color[*]!="red"',
    'color!="red"',
    'color[fr]!="rouge"',
    'tags!="red"',
    'tags!="yellow","red"',
    'isParked>"urn:a"',
    'isParked~="urn"',
    'isParked!~="x"',
    'speed~="6"',
    'speed!~="x"',
    'temperature!=10..20',
    'gender==Male',
    '!speed',
    'temperature.observedAt>2018-01-01',
  ]
  for (const q of no) assert.equal(meets(q, building), false, q)
  assert.equal(meets('gender==Male', building, ['gender']), true)
  assert.equal(meets('gender!=Male', building, ['gender']), false)
})

test('4.9 URIs are equal to the objects of relationships and to vocabulary, one or several', () => {
  const [black, blue, red] = ['http://example.com/black', 'http://example.com/blue', 'http://example.com/red']
  const kinds = ['Relationship', 'ListRelationship', 'VocabProperty'] as const
  for (const kind of kinds) {
    const of = (...value: readonly string[]): Entity =>
      entity({ color: { kind, value: value.length === 1 && kind !== 'ListRelationship' ? (value[0] ?? '') : value } })
    assert.equal(meets(`color==${red}`, of(red)), true, kind)
    assert.equal(meets(`color=="${red}"`, of(blue, red)), true, kind)
    assert.equal(meets(`color=="${black}","${red}"`, of(red)), true, kind)
    assert.equal(meets(`color==${black},${red}`, of(red, blue)), true, kind)
    assert.equal(meets(`color==${red}`, of(black)), false, kind)
    assert.equal(meets(`color!=${red}`, of(black)), true, kind)
    assert.equal(meets(`color!="${red}"`, of(blue, black)), true, kind)
    assert.equal(meets(`color!="${red}"`, of(blue, red)), false, kind)
    assert.equal(meets(`color!="${black}","${red}"`, of(blue)), true, kind)
    assert.equal(meets(`color!="${black}","${red}"`, of(blue, red)), false, kind)
    assert.equal(meets('color==1', of(red)), false, kind)
    assert.equal(meets('color!=1', of(red)), true, kind)
  }
})

test('4.9 values of other data types are unequal and unordered', () => {
  const of = entity({
    n: property(5),
    s: property('5'),
    t: property(true),
    o: property({ a: 1 }),
    z: property(null),
    list: { kind: 'ListProperty', value: [1, 'x'] },
  })
  for (const name of ['n', 's', 't', 'o', 'z']) {
    const others = ['==7', '>7', '<7', '>="7"', '<=2026-01-01', '==false', '==6..7'].filter(
      (rest) => !(name === 'n' && rest === '<7') && !(name === 's' && rest === '>="7"'),
    )
    for (const rest of others) assert.equal(meets(name + rest, of), false, name + rest)
    assert.equal(meets(`${name}!=7`, of), true, name)
    assert.equal(meets(`${name}!=08:00:00Z`, of), true, name)
  }
  assert.equal(meets('list=="x"', of), true)
  assert.equal(meets('list>0', of), false)
  assert.equal(meets('s==5', of), false)
  assert.equal(meets('t==true', of), true)
})

test('4.9 any instance of an attribute may meet a term', () => {
  const two = entity({ speed: [property(10), { ...property(60), datasetId: 'urn:d:gps' }] })
  assert.equal(meets('speed>50', two), true)
  assert.equal(meets('speed!=10', two), true)
  assert.equal(meets('speed.datasetId=="urn:d:gps"', two), true)
  assert.equal(meets('speed>60', two), false)
})

test('4.9 dates, times and typed values compare by what they mean', () => {
  const of = entity({
    at: property('2026-03-01T12:00:00.5Z'),
    day: property('2026-03-01'),
    hour: property('08:00:00Z'),
    typed: { ...property('2026-03-01T12:00:00.000Z'), valueType: 'https://uri.etsi.org/ngsi-ld/DateTime' },
    wrapped: property({ '@type': 'DateTime', '@value': '2026-03-01T12:00:00Z' }),
  })
  for (const q of [
    'at==2026-03-01T12:00:00,500Z',
    'at>2026-03-01T12:00:00Z',
    'day<2026-03-02',
    'day==2026-02-01..2026-03-01',
    'hour==07:00:00Z..08:00:00.0Z',
  ])
    assert.equal(meets(q, of), true, q)
  for (const q of ['typed=="2026-03-01T12:00:00Z"', 'wrapped==2026-03-01T12:00:00.0Z', 'wrapped>="2026-03-01T12:00:00Z"'])
    assert.equal(meets(q, of), true, q)
  assert.equal(meets('at>2026-01-01', of), false)
  assert.equal(meets('at=="2026-03-01T12:00:00.500Z"', of), false)
})

test('4.9 a path goes on in linked entities of the hinted types', () => {
  const device: Entity = {
    id: 'urn:d:1',
    types: [expand('Device')],
    attributes: { [expand('humidity')]: [property(40)], [expand('room')]: [{ kind: 'Relationship', value: 'urn:r:1' }] },
  }
  const room: Entity = { id: 'urn:r:1', types: [expand('Room')], attributes: { [expand('name')]: [property('hall')] } }
  const station = entity({ sensor: { kind: 'ListRelationship', value: ['urn:d:0', 'urn:d:1'] } })
  const find = (id: string): Entity | undefined => [device, room].find((candidate) => candidate.id === id)
  const linked = (q: string): boolean => matchesQ(parseQ(q, expand), station, find)
  assert.equal(linked('sensor{humidity}==40'), true)
  assert.equal(linked('sensor{Device:humidity}==40'), true)
  assert.equal(linked('sensor{Room,Device:room{Room:name}}=="hall"'), true)
  assert.equal(linked('sensor{Room:humidity}==40'), false)
  assert.equal(matchesQ(parseQ('sensor{humidity}==40', expand), station), false)
  assert.equal(linkDepthOf(parseQ('a|sensor{room{name}}~="h"', expand)), 2)
})

test('a query of a document may be percent-encoded, as in the test suite of the standard', () => {
  const read = (q: string): Q => parseQ(q, expand, { isDocument: true })
  assert.deepEqual(read('name=="Eiffel%20Tower"'), parseQ('name=="Eiffel Tower"', expand))
  assert.deepEqual(read('name=="100%"'), parseQ('name=="100%"', expand))
  assert.deepEqual(read('name=="%FF"'), parseQ('name=="%FF"', expand))
  assert.notDeepEqual(parseQ('name=="a%20b"', expand), parseQ('name=="a b"', expand))
})

test('4.9 what is no query is refused, naming place and expectation', () => {
  const refuse = (q: string, message: RegExp): void => assert.throws(() => parseQ(q, expand), message, q)
  refuse('', /q must have an attribute name at position 1, not the end/)
  refuse('a==', /q must have a value at position 4, not the end/)
  refuse('a>4..5', /a single value after ">" at position 3/)
  refuse('a>true', /a number, a quoted string, a date or a time after ">" at position 3/)
  refuse('a>urn:x', /after ">"/)
  refuse('a==1..x', /an end of the range that is comparable with its start at position 7/)
  refuse('(a;b', /"\)" at position 5, not the end/)
  refuse('a;b)', /";", "\|" or the end at position 4/)
  refuse('a{b', /"}" at position 4/)
  refuse('a=="x', /a string with a closing quote at position 4/)
  refuse('a==2026-02-30', /a date that exists/)
  refuse('a==1e999', /a number that a double can hold/)
  refuse('a~="("', /The pattern of q at position 4 must be a regular expression/)
  refuse('a OR b', /";", "\|" or the end at position 2/)
  refuse('1a', /an attribute name at position 1/)
})

test('4.9 a query over the limits is too complex', () => {
  const tooComplex = (q: string): void => assert.throws(() => parseQ(q, expand), { type: 'TooComplexQuery' })
  tooComplex(Array.from({ length: 300 }, () => 'a').join(';'))
  tooComplex(`a==${Array.from({ length: 600 }, () => '1').join(',')}`)
  tooComplex(`${'('.repeat(65)}a${')'.repeat(65)}`)
  tooComplex(`${'a{'.repeat(65)}a${'}'.repeat(65)}`)
  tooComplex(`a~="${'x'.repeat(2000)}"`)
  tooComplex('a~="x{900}y{900}z{900}"')
  parseQ(`${'('.repeat(64)}a${')'.repeat(64)}`, expand)
  parseQ(Array.from({ length: 255 }, () => 'a').join(';'), expand)
})

test('4.9 names that are special to JavaScript are ordinary', () => {
  const of = entity({ a: property({ b: 1 }) })
  assert.equal(meets('constructor', of), false)
  assert.equal(meets('a[constructor]', of), false)
  assert.equal(meets('a[__proto__]', of), false)
  assert.equal(meets('a[b]==1', of), true)
})
