/** What a term stands for, as JSON-LD 1.1 section 9.15.1 writes a term definition. */
export type TermDefinition = {
  readonly iri: string
  /** `@id`, `@vocab`, `@json` or the IRI of a datatype. */
  readonly type?: string
  readonly container?: string
}

export const ngsiLd = 'https://uri.etsi.org/ngsi-ld/'
export const defaultVocab = 'https://uri.etsi.org/ngsi-ld/default-context/'
const geojson = 'https://purl.org/geojson/vocab#'

/** The prefixes of the core context. */
export const corePrefixes: ReadonlyMap<string, string> = new Map([
  ['ngsi-ld', ngsiLd],
  ['geojson', geojson],
])

const plain = `
  Attribute AttributeList ContextSourceIdentity ContextSourceNotification ContextSourceRegistration Date DateTime EntityMap EntityType EntityTypeInfo
  EntityTypeList ExecutionResultDetails GeoProperty JsonProperty LanguageProperty ListProperty ListRelationship Notification Property Relationship Snapshot
  SnapshotNotification Subscription TemporalProperty Time VocabProperty
  accept aggrMethods aggrParams aggrPeriodDuration attributeCount attributeDetails attrs cacheDuration collation contextSourceAlias contextSourceInfo
  contextSourceUptime cooldown csf data detail endpoint entities entity entityCount error errors expandValues format geoQ geoproperty georel idPattern
  information isActive join jsonKeys jsonldContext lang lastN linkedMaps localOnly location management managementInterval mode ngsildConformance ngsildproof
  notUpdated notification notificationTrigger notifierInfo observationInterval observationSpace omit operationSpace operations ordering pick q reason
  receiverInfo refreshRate registrationId registrationName resultStatus scope scopeQ showChanges snapshotId snapshotLifetime snapshotPriority snapshotStatus
  status subscriptionName sysAttrs temporalQ throttling timeInterval timeout timeproperty timerel timesFailed timesSent triggerReason unchanged unitCode
  updated uri`

const vocabTyped = `
  attributeList attributeName attributeNames attributeTypes attributes propertyNames relationshipNames typeList typeName typeNames watchedAttributes`

const idTyped = 'datasetId entityId instanceId subscriptionId success tenant'

const jsonTyped = 'contextSourceExtras problemDetails'

const dateTimes = `
  contextSourceTimeAt createdAt deletedAt endAt endTimeAt expiresAt lastFailure lastNotification lastSuccess lastUsedAt modifiedAt notifiedAt observedAt
  startAt timeAt`

const lists = `
  avg distinctCount entityList jsons max min orderBy snapshotQueries snapshotQueriesDetails snapshotTemporalQueries snapshotTemporalQueriesDetails stddev sum
  sumsq totalCount`

const geoJsonPlain =
  'Feature FeatureCollection GeometryCollection LineString MultiLineString MultiPoint MultiPolygon Point Polygon geometry properties'

/** Terms whose IRI does not end in the term itself. */
const renamed: readonly (readonly [term: string, definition: TermDefinition])[] = [
  ['containedBy', { iri: `${ngsiLd}isContainedBy` }],
  ['dataset', { iri: `${ngsiLd}hasDataset`, container: '@index' }],
  ['description', { iri: 'http://purl.org/dc/terms/description' }],
  ['entityMap', { iri: `${ngsiLd}hasEntityMap`, container: '@index' }],
  ['entityMapLifetime', { iri: `${ngsiLd}hasEntityMapLifetime` }],
  ['joinLevel', { iri: `${ngsiLd}hasJoinLevel` }],
  ['json', { iri: `${ngsiLd}hasJSON`, type: '@json' }],
  ['key', { iri: `${ngsiLd}hasKey` }],
  ['langString', { iri: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#langString' }],
  ['languageMap', { iri: `${ngsiLd}hasLanguageMap`, container: '@language' }],
  ['languageMaps', { iri: `${ngsiLd}hasLanguageMaps`, container: '@list' }],
  ['object', { iri: `${ngsiLd}hasObject`, type: '@id' }],
  ['objectList', { iri: `${ngsiLd}hasObjectList`, container: '@list' }],
  ['objectLists', { iri: `${ngsiLd}hasObjectLists`, container: '@list' }],
  ['objectType', { iri: `${ngsiLd}hasObjectType`, type: '@vocab' }],
  ['objects', { iri: `${ngsiLd}hasObjects`, container: '@list' }],
  ['previousJson', { iri: `${ngsiLd}hasPreviousJson`, type: '@json' }],
  ['previousLanguageMap', { iri: `${ngsiLd}hasPreviousLanguageMap`, container: '@language' }],
  ['previousObject', { iri: `${ngsiLd}hasPreviousObject`, type: '@id' }],
  ['previousObjectList', { iri: `${ngsiLd}hasPreviousObjectList`, container: '@list' }],
  ['previousValue', { iri: `${ngsiLd}hasPreviousValue` }],
  ['previousValueList', { iri: `${ngsiLd}hasPreviousValueList`, container: '@list' }],
  ['previousVocab', { iri: `${ngsiLd}hasPreviousVocab`, type: '@vocab' }],
  ['splitEntities', { iri: `${ngsiLd}hasSplitEntities` }],
  ['title', { iri: 'http://purl.org/dc/terms/title' }],
  ['value', { iri: `${ngsiLd}hasValue` }],
  ['valueList', { iri: `${ngsiLd}hasValueList`, container: '@list' }],
  ['valueLists', { iri: `${ngsiLd}hasValueLists`, container: '@list' }],
  ['valueType', { iri: `${ngsiLd}hasValueType`, type: '@vocab' }],
  ['values', { iri: `${ngsiLd}hasValues`, container: '@list' }],
  ['vocab', { iri: `${ngsiLd}hasVocab`, type: '@vocab' }],
  ['vocabs', { iri: `${ngsiLd}hasVocabs`, container: '@list' }],
  ['bbox', { iri: `${geojson}bbox`, container: '@list' }],
  ['coordinates', { iri: `${geojson}coordinates`, container: '@list' }],
  ['features', { iri: `${geojson}features`, container: '@set' }],
]

/**
 * The terms of the core context (CIM 009 v1.9.1, Annex B) but `id` and `type`, which stand for `@id` and `@type`. One table serves every version: no
 * version gives a term another meaning than a later one does.
 */
export const coreTerms: ReadonlyMap<string, TermDefinition> = new Map([
  ...named(plain, ngsiLd, {}),
  ...named(vocabTyped, ngsiLd, { type: '@vocab' }),
  ...named(idTyped, ngsiLd, { type: '@id' }),
  ...named(jsonTyped, ngsiLd, { type: '@json' }),
  ...named(dateTimes, ngsiLd, { type: `${ngsiLd}DateTime` }),
  ...named(lists, ngsiLd, { container: '@list' }),
  ...named(geoJsonPlain, geojson, {}),
  ...renamed,
])

function named(terms: string, namespace: string, coercion: Omit<TermDefinition, 'iri'>): (readonly [string, TermDefinition])[] {
  return terms
    .trim()
    .split(/\s+/)
    .map((term) => [term, { iri: namespace + term, ...coercion }] as const)
}
