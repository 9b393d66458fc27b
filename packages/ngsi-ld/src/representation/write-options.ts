import type { Attribute, Entity, Iri } from '../entity/entity.ts'
import type { Languages } from './language.ts'
import type { Projection } from './projection.ts'

/** How an attribute or entity is shown (6.3.7). */
export type Format = 'normalized' | 'concise' | 'simplified'

/** Which parts of an entity are shown, and how much of each, in any format. */
export type Showing = {
  /** Shows createdAt, modifiedAt, deletedAt and expiresAt (6.3.11). */
  readonly sysAttrs?: boolean
  readonly pick?: Projection
  readonly omit?: Projection
  /** The expanded names of the deprecated parameter `attrs`: no other attribute is shown. */
  readonly attrs?: ReadonlySet<Iri>
  /** Shows only instances of these dataset ids, `@none` for the default (4.5.5). */
  readonly datasetIds?: ReadonlySet<string>
  /** Turns each LanguageProperty into a Property of one language (4.15). */
  readonly languages?: Languages
}

export type WriteOptions = Showing & {
  /** `normalized` where absent. */
  readonly format?: Format
  /** For notifications that show changes (5.8.6): the instance before the change, to be shown beside the present one. */
  readonly previous?: (name: Iri, datasetId: string | undefined) => Attribute | undefined
  /** For inline linked entities (4.5.23.2): finds the entity of a relationship's object, or `undefined` where it is not to be shown. */
  readonly linked?: (id: string) => Entity | undefined
  /** How many relationships deep linked entities are shown; 1 where absent. */
  readonly joinLevel?: number
}
