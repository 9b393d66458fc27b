import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaultOperations, isOperationName, offers, operationNames, toOperations } from './operations.ts'

const offered = (...listed: readonly string[]): readonly string[] => operationNames.filter((name) => offers(toOperations(listed), name))
const discovery = ['Types', 'TypeDetails', 'TypeInfo'].flatMap((what) => [`retrieveEntity${what}`, `retrieveAttr${what}`])
const subscribing = ['create', 'update', 'retrieve', 'query', 'delete'].map((what) => `${what}Subscription`)
const mapping = ['retrieveEntityMap', 'updateEntityMap', 'deleteEntityMap', 'createEntityMapQueryEntity']
const writing = [
  'createEntity',
  'updateEntity',
  'appendAttrs',
  'updateAttrs',
  'deleteAttrs',
  'deleteEntity',
  'mergeEntity',
  'replaceEntity',
  'replaceAttrs',
]

test('4.20 a group stands for its operations, a name for itself, and who names nothing offers the federation’s', () => {
  const association = ['retrieveEntity', 'queryEntity', 'queryBatch', ...discovery, ...subscribing, 'retrieveContextSourceIdentity']
  const groups = {
    federationOps: [...association, ...mapping],
    associationOps: association,
    updateOps: ['updateEntity', 'updateAttrs', 'replaceEntity', 'replaceAttrs'],
    retrieveOps: ['retrieveEntity', 'queryEntity'],
    redirectionOps: [...writing, 'retrieveEntity', 'queryEntity', 'purgeEntity', ...discovery, ...mapping, 'retrieveContextSourceIdentity'],
  }
  for (const [group, operations] of Object.entries(groups)) assert.deepEqual(offered(group).toSorted(), operations.toSorted(), group)
  assert.deepEqual(offered(...defaultOperations), offered('federationOps'))
  assert.deepEqual(offered('queryTemporal', 'deleteBatch').toSorted(), ['deleteBatch', 'queryTemporal'])
  assert.deepEqual(['mergeBatch', 'updateOps', 'dance', '__proto__', 'constructor'].map(isOperationName), [true, true, false, false, false])
})
