import type { Iri } from '../entity/entity.ts'

/** A name as the caller wrote it and as the caller's @context expands it; printers write the former, evaluators read the latter. */
export type Name = { readonly written: string; readonly expanded: Iri }

/** Expands a term by the caller's @context (CIM 009, 5.5.7). */
export type Expand = (term: string) => Iri

export function toName(written: string, expand: Expand): Name {
  return { written, expanded: expand(written) }
}
