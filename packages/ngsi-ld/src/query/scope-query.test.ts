import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { type ScopeQuery, matchesScopes, parseScopeQuery, printScopeQuery } from './scope-query.ts'

const level = fc.constantFrom('Madrid', '+', 'Gärten2', 'a_b')
const pattern = fc.record({ levels: fc.array(level, { minLength: 1, maxLength: 4 }), below: fc.boolean() }, { noNullPrototype: true })
const query: fc.Arbitrary<ScopeQuery> = fc.array(
  fc.array(fc.oneof(pattern, fc.constant({ levels: [], below: true })), { minLength: 1, maxLength: 3 }),
  { minLength: 1, maxLength: 4 },
)

const matches = (text: string, ...scopes: readonly string[]): boolean => matchesScopes(parseScopeQuery(text), scopes)

test('4.19 a printed scope query parses to the same tree', () => {
  fc.assert(
    fc.property(query, (tree) => assert.deepEqual(parseScopeQuery(printScopeQuery(tree)), tree)),
    { numRuns: 10_000, seed: 419 },
  )
})

test('4.19 the examples match what they say', () => {
  assert.equal(matches('/Madrid', '/Madrid'), true)
  assert.equal(matches('/Madrid', '/Madrid/Gardens'), false)
  for (const scope of ['/Madrid/Gardens', '/Madrid/Gardens/ParqueNorte/Parterre1']) assert.equal(matches('/Madrid/Gardens/#', scope), true)
  assert.equal(matches('/Madrid/Gardens/#', '/Madrid'), false)
  assert.equal(matches('/Madrid/+/ParqueNorte', '/Madrid/Sights/ParqueNorte'), true)
  assert.equal(matches('/Madrid/+/ParqueNorte', '/Madrid/ParqueNorte'), false)
  assert.equal(matches('(/Madrid/Districts;/CompanyA)', '/CompanyA', '/Madrid/Districts'), true)
  assert.equal(matches('(/Madrid/Districts;/CompanyA)', '/CompanyA'), false)
  for (const text of ['(/Madrid/Districts;/CompanyA)|CompanyB', '(/Madrid/Districts;/CompanyA),CompanyB'])
    assert.equal(matches(text, '/CompanyB'), true)
  assert.equal(matches('/#', '/Anything/Below'), true)
  assert.equal(matchesScopes(parseScopeQuery('/#'), undefined), false)
})

test('4.19 what is no scope query is refused with the position', () => {
  for (const text of ['', '/', '/Madrid/', '#', '/Madrid/#/x', '(/A', '/A)', '/9a', '/A//B'])
    assert.throws(() => parseScopeQuery(text), /scopeQ must have .* at position \d+, not/, text)
})
