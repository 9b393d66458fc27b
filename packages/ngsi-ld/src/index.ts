export type { Json, JsonObject } from './json.ts'
export { isJsonObject } from './json.ts'
export { NgsiLdError, badRequest } from './errors.ts'
export type { ErrorType } from './errors.ts'
export { formatInstant, instantOf, parseInstant } from './entity/instant.ts'
export type { Instant } from './entity/instant.ts'
export { findInstance, instancesOf, ngsiLdNull } from './entity/entity.ts'
export type { Attribute, AttributeKind, Attributes, Entity, Geometry, Iri, TemporalEntity } from './entity/entity.ts'
export { entityIdOf } from './command/command.ts'
export type { AttributeFragment, Cause, Command } from './command/command.ts'
export type { InstanceRow } from './command/instance-row.ts'
export { admits, everything, locationName, project } from './scope/scope.ts'
export type { Scope, WriteScope } from './scope/scope.ts'
export { applyCommand } from './command/apply-command.ts'
export { asKnown, evolutionOf } from './command/as-known.ts'
export { seriesKey } from './command/decision.ts'
export type { AttributeChange, Change, Decision, NotUpdated, Refusal, StoredEntity } from './command/decision.ts'
export { rowsNamedBy } from './command/rows-named-by.ts'
export type { RowLookup } from './command/rows-named-by.ts'
// contexts and representations
export { compileContext, contextWalls } from './context/compile-context.ts'
export type { ContextWalls, LoadContext } from './context/compile-context.ts'
export { compactIri, contextMember, coreContext, expandTerm, expandVocab } from './context/context.ts'
export type { Context } from './context/context.ts'
export { coreContextDocument, coreContextIri, isCoreContextIri } from './context/core-context.ts'
export { isIri, isName } from './context/iri.ts'
export { kindMembers, scopeName } from './representation/attribute-kinds.ts'
export { canonicalJson } from './representation/canonical.ts'
export { parseGeometry } from './representation/geometry.ts'
export { findText, parseLanguages } from './representation/language.ts'
export type { Languages } from './representation/language.ts'
export { parseName, parseTypes } from './representation/parse-attribute.ts'
export {
  parseAttributeFragment,
  parseAttributeInstances,
  parseEntity,
  parseFragment,
  parseTemporalEntity,
  parseTemporalFragment,
} from './representation/parse-entity.ts'
export type { Nulls, ParseOptions } from './representation/parse-options.ts'
export { parseProjection } from './representation/projection.ts'
export type { Projection } from './representation/projection.ts'
export { writeAttribute } from './representation/write-attribute.ts'
export { writeEntity } from './representation/write-entity.ts'
export { writeAggregated, writeTemporalEntity } from './representation/write-evolution.ts'
export type { AggregatedAttribute, TemporalOptions, TimeProperty } from './representation/write-evolution.ts'
export { writeFeature, writeFeatureCollection } from './representation/write-geojson.ts'
export type { GeoJsonOptions } from './representation/write-geojson.ts'
export type { Format, Showing, WriteOptions } from './representation/write-options.ts'
export { writeInstant } from './representation/write-value.ts'
// query languages
export { aggregate, aggregateEvolution, aggregateInstances, aggregationMethods, parseAggregation, rangeOf } from './query/aggregation.ts'
export type { Aggregation, AggregationMethod, AggregationRange } from './query/aggregation.ts'
export { parseDuration, periodIndex, periodStart, printDuration } from './query/duration.ts'
export type { Duration } from './query/duration.ts'
export { matchesEntity, matchesFor, seenThrough, selectDatasets, selects } from './query/entity-query.ts'
export type { EntityQuery, EntitySelector } from './query/entity-query.ts'
export { matchesQ } from './query/evaluate-q.ts'
export { matchesGeoQuery, parseGeoQuery, printGeoQuery } from './query/geo-query.ts'
export type { GeoParameters, GeoQuery, GeoRelation } from './query/geo-query.ts'
export { boxesWithin, distanceM, earthRadiusM, haversineM } from './query/geometry-distance.ts'
export { boxesMeet, parseReferenceGeometry, shapeOf } from './query/geometry.ts'
export type { Box, Position, Shape } from './query/geometry.ts'
export { joinEntities, linkedFor, linkedIdsOf, maxLinked } from './query/join.ts'
export type { Join, Joined, LookUp } from './query/join.ts'
export type { Expand, Name } from './query/name.ts'
export { isSimple, meetsNarrowing, narrowingOf } from './query/narrowing.ts'
export type { Comparison, Narrowing } from './query/narrowing.ts'
export { orderEntities } from './query/order-entities.ts'
export { collatorOf, parseOrdering, printOrderBy } from './query/ordering.ts'
export type { Direction, Ordering, OrderingParameters, OrderTerm } from './query/ordering.ts'
export { pageOf } from './query/page.ts'
export type { Page } from './query/page.ts'
export { parseQ, parseQPath } from './query/parse-q.ts'
export { compilePattern, patternLimits, searches } from './query/pattern.ts'
export { printQ, printQPath } from './query/print-q.ts'
export { linkDepthOf, pathsOf, qLimits } from './query/q.ts'
export type { Q, QOperand, QOperator, QPath, QValue } from './query/q.ts'
export { objectsOf, targetsOf } from './query/q-target.ts'
export type { FindLinked, Target } from './query/q-target.ts'
export { matchesScopes, parseScopeQuery, printScopeQuery } from './query/scope-query.ts'
export type { ScopePattern, ScopeQuery } from './query/scope-query.ts'
export {
  inInterval,
  isRestricted,
  liesInInterval,
  matchesTemporal,
  parseLastN,
  parseTemporalQuery,
  printTemporalQuery,
  selectInstances,
  timeOf,
} from './query/temporal-query.ts'
export type { TemporalParameters, TemporalProperty, TemporalQuery } from './query/temporal-query.ts'
export { matchesTypes, parseTypeSelection, printTypeSelection } from './query/type-selection.ts'
export type { TypeSelection } from './query/type-selection.ts'
