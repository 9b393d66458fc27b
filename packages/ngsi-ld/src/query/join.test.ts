import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entity } from '../entity/entity.ts'
import { matchesEntity } from './entity-query.ts'
import { expand, property } from './fixture.ts'
import { type LookUp, joinEntities, linkedFor } from './join.ts'
import { parseQ } from './parse-q.ts'

const pointing = (id: string, ...objects: readonly string[]): Entity => ({
  id,
  types: [expand('T')],
  attributes: objects.length === 0 ? {} : { [expand('to')]: [{ kind: 'Relationship', value: objects }], [expand('n')]: [property(1)] },
})
const stored = [pointing('urn:a', 'urn:b'), pointing('urn:b', 'urn:c', 'urn:a'), pointing('urn:c', 'urn:d'), pointing('urn:d')]

function recorded(): { readonly lookUp: LookUp; readonly asked: string[][] } {
  const asked: string[][] = []
  return {
    asked,
    lookUp: (ids) => {
      asked.push([...ids])
      return Promise.resolve(stored.filter((entity) => ids.includes(entity.id)))
    },
  }
}
const [a] = stored

test('4.5.23.3 a flat join appends what is linked to the level asked for, each once', async () => {
  assert.ok(a)
  const { lookUp, asked } = recorded()
  const joined = await joinEntities({ kind: 'flat', level: 2 }, [a], lookUp)
  assert.deepEqual(
    joined.entities.map(({ id }) => id),
    ['urn:a', 'urn:b', 'urn:c'],
  )
  assert.deepEqual(asked, [['urn:b'], ['urn:c']])
})

test('4.5.23.2 an inline join leaves the list as it is and finds what is linked', async () => {
  assert.ok(a)
  const joined = await joinEntities({ kind: 'inline', level: 1 }, [a], recorded().lookUp)
  assert.deepEqual(joined.entities, [a])
  assert.equal(joined.findLinked('urn:b')?.id, 'urn:b')
  assert.equal(joined.findLinked('urn:c'), undefined)
})

test('4.5.23 ids that contain the entities already are not followed', async () => {
  assert.ok(a)
  const { lookUp, asked } = recorded()
  const joined = await joinEntities({ kind: 'flat', level: 3, containedBy: ['urn:c'] }, [a], lookUp)
  assert.deepEqual(
    joined.entities.map(({ id }) => id),
    ['urn:a', 'urn:b'],
  )
  assert.deepEqual(asked, [['urn:b']])
})

test('an inline join that would multiply beyond the limit is too complex', async () => {
  const layers = Array.from({ length: 6 }, (_, layer) => Array.from({ length: 12 }, (_, index) => `urn:l${layer}:${index}`))
  const graph = layers.flatMap((layer, index) => layer.map((id) => pointing(id, ...(layers[index + 1] ?? []))))
  const [first] = graph
  assert.ok(first)
  const lookUp: LookUp = (ids) => Promise.resolve(graph.filter((entity) => ids.includes(entity.id)))
  await assert.rejects(joinEntities({ kind: 'inline', level: 5 }, [first], lookUp), { type: 'TooComplexQuery' })
  assert.equal((await joinEntities({ kind: 'flat', level: 5 }, [first], lookUp)).entities.length, 61)
})

test('4.9 what a query reaches is looked up a level at a time', async () => {
  assert.ok(a)
  const { lookUp, asked } = recorded()
  const q = parseQ('to{to{n}}==1', expand)
  const findLinked = await linkedFor(q, [a], lookUp)
  assert.equal(matchesEntity({ q }, a, findLinked), true)
  assert.deepEqual(asked, [['urn:b'], ['urn:c', 'urn:a']])
  assert.equal(matchesEntity({ q: parseQ('to{to{to{n}}}==1', expand) }, a, findLinked), true)
})
