import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { NgsiLdError } from '../errors.ts'
import { compileContext } from './compile-context.ts'
import { compactIri, expandTerm } from './context.ts'
import { coreTerms } from './core-terms.ts'

type Document = Readonly<Record<string, string>>

const defaultVocab = 'https://uri.etsi.org/ngsi-ld/default-context/'

/** The slow, obvious twin: looks through the documents from the last to the first each time, the core before all. */
function slowExpand(documents: readonly Document[], text: string): string {
  const core = coreTerms.get(text)
  if (core !== undefined) return core.iri
  const term = slowTerm(documents, text)
  if (term !== undefined) return term
  const [prefix = '', rest] = split(text)
  if (rest === undefined) return text.includes(':') ? text : defaultVocab + text
  const namespace = slowPrefix(documents, prefix)
  return namespace === undefined ? text : namespace + rest
}

function slowTerm(documents: readonly Document[], text: string): string | undefined {
  const at = documents.findLastIndex((document) => Object.hasOwn(document, text))
  const value = documents[at]?.[text]
  if (value === undefined) return undefined
  // JSON-LD 1.1 API, 4.2.2: an @id that is the term itself says nothing.
  if (value === text) return defaultVocab + text
  const seen = documents.slice(0, at + 1)
  const other = slowTerm(seen, value)
  if (other !== undefined) return other
  const [prefix = '', rest] = split(value)
  const namespace = slowPrefix(seen, prefix)
  return rest === undefined || namespace === undefined ? value : namespace + rest
}

function slowPrefix(documents: readonly Document[], prefix: string): string | undefined {
  if (prefix === 'ngsi-ld') return 'https://uri.etsi.org/ngsi-ld/'
  const iri = slowTerm(documents, prefix)
  return iri !== undefined && '/#:?'.includes(iri.at(-1) ?? ' ') ? iri : undefined
}

function split(text: string): string[] {
  const colon = text.indexOf(':')
  return colon < 0 || text.startsWith('//', colon + 1) ? [text] : [text.slice(0, colon), text.slice(colon + 1)]
}

const term = fc.constantFrom('a', 'b', 'c', 'speed', 'constructor', '__proto__', 'value', 'title')
const iri = fc.constantFrom('https://a.example/', 'https://b.example/ns#', 'https://a.example/x', 'urn:x:1', 'https://b.example/ns#b', 'ngsi-ld:own')
const prefixed = fc.tuple(term, fc.constantFrom('x', 'b', '1/2')).map(([prefix, rest]) => `${prefix}:${rest}`)
const document = fc.array(fc.tuple(term, fc.oneof(iri, prefixed, term)), { maxLength: 6 }).map((entries): Document => Object.fromEntries(entries))

test('5.5.7 expansion agrees with a slow twin, and what is compacted expands again', async () => {
  let compared = 0
  const property = fc.asyncProperty(fc.array(document, { minLength: 1, maxLength: 3 }), fc.oneof(term, prefixed, iri), async (documents, text) => {
    let context
    try {
      context = await compileContext(documents, () => Promise.reject(new Error('no remote context')))
    } catch (error) {
      assert.ok(error instanceof NgsiLdError && error.type === 'BadRequestData', String(error))
      return
    }
    const expanded = expandTerm(context, text)
    // A prefix that the core defines as a term is none; the twin has no case for it.
    if (!coreTerms.has(text.split(':')[0] ?? '')) assert.equal(expanded, slowExpand(documents, text))
    assert.equal(expandTerm(context, compactIri(context, expanded)), expanded)
    compared += 1
  })
  await fc.assert(property, { numRuns: 10_000, seed: 557 })
  assert.ok(compared > 1500, `only ${compared} contexts were sound`)
})
