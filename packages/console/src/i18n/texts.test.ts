import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parseAst } from 'vite'
import { en } from './en.ts'
import { es } from './es.ts'
import { ja } from './ja.ts'
import { pt } from './pt.ts'
import { spellOut, vocabulary } from './vocabulary.ts'

const languages = { en, es, pt, ja }
const source = fileURLToPath(new URL('..', import.meta.url))
const components = globSync('**/*.tsx', { cwd: source })
const modules = globSync('**/*.{ts,tsx}', { cwd: source, exclude: (name) => name.endsWith('.test.ts') })

for (const [language, texts] of Object.entries(languages)) {
  test(`${language} has every text, with the plural forms of its grammar`, () => {
    const plurals = new Intl.PluralRules(language).resolvedOptions().pluralCategories
    const expected = new Set<string>()
    for (const key of flatten(en).keys()) {
      const base = /^(.*)_(?:one|other)$/.exec(key)?.[1]
      if (base === undefined) expected.add(key)
      else for (const form of plurals) expected.add(`${base}_${form}`)
    }
    assert.deepEqual([...flatten(texts).keys()].toSorted(), [...expected].toSorted())
  })

  test(`${language} keeps the places where values go in`, () => {
    const english = flatten(en)
    for (const [key, text] of flatten(texts)) {
      const original = english.get(key) ?? english.get(key.replace(/_\w+$/, '_other')) ?? ''
      assert.deepEqual(placesOf(text), placesOf(original), key)
      assert.notEqual(text.trim(), '', key)
    }
  })
}

test('no text was left in English', () => {
  const same = new Set(['app.title', 'entity.id', 'entity.no', 'list.shown', 'alerts.acknowledgeOne', 'devices.codec', 'devices.gateway'])
  for (const [language, texts] of Object.entries({ es, pt, ja })) {
    const english = flatten(en)
    for (const [key, text] of flatten(texts)) {
      if (!same.has(key)) assert.notEqual(text, english.get(key), `${language}: ${key}`)
    }
  }
})

test('every word of the vocabulary is there in four languages', () => {
  for (const [name, words] of Object.entries(vocabulary)) assert.ok(words.length === 4 && words.every((word) => word.trim() !== ''), name)
})

test('a name that nobody translated is spelled out', () => {
  assert.equal(spellOut('rawFillLevel'), 'Raw fill level')
  assert.equal(spellOut('https://example.org/def#waterLevel_max'), 'Water level max')
  assert.equal(spellOut('PM25Index'), 'PM25 index')
})

test('the components hold no text of their own', () => {
  assert.ok(components.length > 10)
  const found = components.flatMap((file) => hardCodedTexts(readFileSync(`${source}/${file}`, 'utf8')).map((text) => `${file}: ${text}`))
  assert.deepEqual(found, [])
})

test('the search for hard-coded text finds it in content, attributes and expressions', () => {
  const code = '<p title="A title">Words {on ? "Yes" : `No ${n}`}<b aria-label={"Label"} className="x" /> {t("a.b")}·</p>'
  assert.deepEqual(hardCodedTexts(code).toSorted(), ['A title', 'Label', 'No ', 'Words', 'Yes'])
})

test('every text asked for exists, and every text is asked for', () => {
  const known = new Set([...flatten(en).keys()].map((key) => key.replace(/_(?:one|other)$/, '')))
  const code = modules
    .filter((file) => !/i18n\/(?:en|es|pt|ja)\.ts$/.test(file))
    .map((file) => readFileSync(`${source}/${file}`, 'utf8'))
    .join('\n')
  const asked = new Set([...code.matchAll(/\bt\(\s*'([\w.]+)'/g)].map((match) => match[1]!))
  const prefixes = [...code.matchAll(/\bt\(\s*`([\w.]+\.)\$\{/g)].map((match) => match[1]!)
  assert.deepEqual(
    [...asked].filter((key) => !known.has(key)),
    [],
    'asked for, but nowhere written',
  )
  const idle = [...known].filter((key) => !asked.has(key) && !prefixes.some((prefix) => key.startsWith(prefix)))
  assert.deepEqual(idle, [], 'written, but never asked for')
})

function flatten(texts: object, prefix = ''): Map<string, string> {
  const flat = new Map<string, string>()
  for (const [key, value] of Object.entries(texts) as [string, unknown][]) {
    if (typeof value === 'string') flat.set(prefix + key, value)
    else for (const [inner, text] of flatten(value as object, `${prefix}${key}.`)) flat.set(inner, text)
  }
  return flat
}

function placesOf(text: string): string[] {
  return [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]!).toSorted()
}

/** Attributes whose text people read. */
const readAttributes = new Set(['title', 'label', 'aria-label', 'placeholder', 'alt', 'description', 'aria-description', 'aria-roledescription'])

type Node = { readonly type: string; readonly [member: string]: unknown }

function hardCodedTexts(code: string): string[] {
  const found: string[] = []
  const keep = (text: unknown): void => {
    if (typeof text === 'string' && /\p{L}{2}/u.test(text)) found.push(text.trim() === text ? text : text.trim() || text)
  }
  /** Literals that an expression can turn into: either branch of a choice, the right side of `&&`. */
  const literals = (node: Node): void => {
    if (node.type === 'Literal') keep(node['value'])
    else if (node.type === 'TemplateLiteral') for (const part of node['quasis'] as { value: { cooked: string } }[]) keepRaw(part.value.cooked)
    else if (node.type === 'ConditionalExpression') for (const branch of ['consequent', 'alternate']) literals(node[branch] as Node)
    else if (node.type === 'LogicalExpression') for (const side of ['left', 'right']) literals(node[side] as Node)
  }
  const keepRaw = (text: string): void => {
    if (/\p{L}{2}/u.test(text)) found.push(text)
  }
  const walk = (node: unknown, parent: Node | null): void => {
    if (Array.isArray(node)) {
      for (const each of node) walk(each, parent)
      return
    }
    if (typeof node !== 'object' || node === null) return
    const here = node as Node
    if (here.type === 'JSXText') keep(here['value'])
    if (here.type === 'JSXExpressionContainer' && parent?.type !== 'JSXAttribute') literals(here['expression'] as Node)
    if (here.type === 'JSXAttribute' && readAttributes.has(String((here['name'] as Node)['name']))) {
      const value = here['value'] as Node | null
      if (value?.type === 'Literal') keep(value['value'])
      else if (value?.type === 'JSXExpressionContainer') literals(value['expression'] as Node)
    }
    for (const member of Object.values(here)) walk(member, here)
  }
  walk(parseAst(code, { lang: 'tsx' }), null)
  return found
}
