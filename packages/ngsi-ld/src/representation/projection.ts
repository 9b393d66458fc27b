import type { Context } from '../context/context.ts'
import type { Iri } from '../entity/entity.ts'
import { badRequest } from '../errors.ts'
import { maxDepth } from './parse-value.ts'
import { parseName } from './parse-attribute.ts'

/**
 * What `pick` or `omit` names (4.21): `id`, `type`, `scope` and the expanded names of attributes, each with what is named within the linked entity, or
 * `undefined` where all of it is.
 */
export type Projection = ReadonlyMap<Iri, Projection | undefined>

/** Reads a projection such as `name,observation{temperature|humidity}`. Throws `BadRequestData`. */
export function parseProjection(text: string, context: Context, parameter = 'pick'): Projection {
  const reader: Reader = { text, context, parameter, at: 0 }
  const projection = readTerms(reader, 0)
  if (reader.at < text.length) throw badRequest(`${parameter} has ${JSON.stringify(text.slice(reader.at, reader.at + 20))} where a comma is expected`)
  return projection
}

type Reader = { readonly text: string; readonly context: Context; readonly parameter: string; at: number }

const whole: ReadonlySet<string> = new Set(['id', 'type', 'scope'])

function readTerms(reader: Reader, depth: number): Projection {
  if (depth > maxDepth) throw badRequest(`${reader.parameter} nests deeper than ${maxDepth}`)
  const terms = new Map<Iri, Projection | undefined>()
  for (;;) {
    const name = readName(reader)
    let inner: Projection | undefined
    if (reader.text[reader.at] === '{') {
      reader.at += 1
      inner = readTerms(reader, depth + 1)
      if (reader.text[reader.at] !== '}') throw badRequest(`${reader.parameter} lacks a closing brace after ${name}`)
      reader.at += 1
    }
    terms.set(whole.has(name) ? name : parseName(reader.context, name, reader.parameter), inner)
    if (reader.text[reader.at] !== ',' && reader.text[reader.at] !== '|') return terms
    reader.at += 1
  }
}

function readName(reader: Reader): string {
  const rest = /[,|{}]|$/.exec(reader.text.slice(reader.at))
  const name = reader.text.slice(reader.at, reader.at + (rest?.index ?? 0)).trim()
  if (name === '') throw badRequest(`${reader.parameter} has no name at character ${reader.at + 1}`)
  reader.at += rest?.index ?? 0
  return name
}
