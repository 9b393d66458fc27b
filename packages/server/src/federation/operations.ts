/** The names of 4.20, each a bit of a mask; the order is that of the bits. */
export const operationNames = [
  'createEntity',
  'updateEntity',
  'appendAttrs',
  'updateAttrs',
  'deleteAttrs',
  'deleteEntity',
  'createBatch',
  'upsertBatch',
  'updateBatch',
  'deleteBatch',
  'upsertTemporal',
  'appendAttrsTemporal',
  'deleteAttrsTemporal',
  'updateAttrInstanceTemporal',
  'deleteAttrInstanceTemporal',
  'deleteTemporal',
  'mergeEntity',
  'replaceEntity',
  'replaceAttrs',
  'mergeBatch',
  'purgeEntity',
  'retrieveEntity',
  'queryEntity',
  'queryBatch',
  'retrieveTemporal',
  'queryTemporal',
  'retrieveEntityTypes',
  'retrieveEntityTypeDetails',
  'retrieveEntityTypeInfo',
  'retrieveAttrTypes',
  'retrieveAttrTypeDetails',
  'retrieveAttrTypeInfo',
  'createSubscription',
  'updateSubscription',
  'retrieveSubscription',
  'querySubscription',
  'deleteSubscription',
  'retrieveEntityMap',
  'updateEntityMap',
  'deleteEntityMap',
  'createEntityMapQueryEntity',
  'createEntityMapQueryTemporal',
  'retrieveContextSourceIdentity',
] as const

/** An operation that can be distributed (CIM 009, 4.20). */
export type Operation = (typeof operationNames)[number]

/** Which operations a context source offers, a bit each; more than 32, so a bigint. */
export type Operations = bigint

const discovery: readonly Operation[] = [
  'retrieveEntityTypes',
  'retrieveEntityTypeDetails',
  'retrieveEntityTypeInfo',
  'retrieveAttrTypes',
  'retrieveAttrTypeDetails',
  'retrieveAttrTypeInfo',
]
const subscribing: readonly Operation[] = [
  'createSubscription',
  'updateSubscription',
  'retrieveSubscription',
  'querySubscription',
  'deleteSubscription',
]
const mapping: readonly Operation[] = ['retrieveEntityMap', 'updateEntityMap', 'deleteEntityMap', 'createEntityMapQueryEntity']
const associating: readonly Operation[] = [
  'retrieveEntity',
  'queryEntity',
  'queryBatch',
  ...discovery,
  ...subscribing,
  'retrieveContextSourceIdentity',
]

/** Table 4.20-2. */
const groups: ReadonlyMap<string, readonly Operation[]> = new Map<string, readonly Operation[]>([
  ['federationOps', [...associating, ...mapping]],
  ['associationOps', associating],
  ['updateOps', ['updateEntity', 'updateAttrs', 'replaceEntity', 'replaceAttrs']],
  ['retrieveOps', ['retrieveEntity', 'queryEntity']],
  [
    'redirectionOps',
    [
      'createEntity',
      'updateEntity',
      'appendAttrs',
      'updateAttrs',
      'deleteAttrs',
      'deleteEntity',
      'mergeEntity',
      'replaceEntity',
      'replaceAttrs',
      'retrieveEntity',
      'queryEntity',
      'purgeEntity',
      ...discovery,
      ...mapping,
      'retrieveContextSourceIdentity',
    ],
  ],
])

const bits: ReadonlyMap<string, Operations> = new Map(operationNames.map((name, index) => [name, 1n << BigInt(index)]))

/** What a registration offers that names none (4.20). */
export const defaultOperations = ['federationOps'] as const

export function isOperationName(name: string): boolean {
  return bits.has(name) || groups.has(name)
}

/** The mask of names and groups; a name that is neither counts for nothing. */
export function toOperations(listed: readonly string[]): Operations {
  const named = listed.flatMap((name): readonly string[] => groups.get(name) ?? [name])
  return named.reduce((mask, name) => mask | (bits.get(name) ?? 0n), 0n)
}

export function offers(operations: Operations, operation: Operation): boolean {
  return (operations & (bits.get(operation) ?? 0n)) !== 0n
}
