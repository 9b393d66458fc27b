import type { Attribute } from '../entity/entity.ts'
import type { Json } from '../json.ts'

/** What the tests of this folder share: an @context that puts every term under one prefix. */
export const expand = (term: string): string => (term.includes(':') ? term : `https://example.org/${term}`)

/** A Property of that value. */
export const property = (value: Json): Attribute => ({ kind: 'Property', value })
