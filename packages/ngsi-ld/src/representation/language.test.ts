import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findLanguage, findText, parseLanguages } from './language.ts'

const plain = { fr: 'Grand Place', nl: 'Grote Markt', '@none': 'Big Place' }

test('4.15 ranges come by their quality, those of one quality in the order stated', () => {
  assert.deepEqual(parseLanguages('fr-CH,fr;q=0.9,en;q=0.8,*;q=0.5'), ['fr-ch', 'fr', 'en', '*'])
  assert.deepEqual(parseLanguages('fr;q=0.2, nl ; q=0.9,de;q=0'), ['nl', 'fr'])
  for (const text of ['', 'f r', 'fr;q=2', 'fr;', ',', 'toolonglanguage'])
    assert.throws(() => parseLanguages(text), { name: 'NgsiLdError', type: 'BadRequestData', message: /no language range/ })
})

test('4.15 a range is looked for itself, then shortened, then lengthened, before the next', () => {
  assert.equal(findLanguage(plain, parseLanguages('fr;q=0.2,nl;q=0.9')), 'nl')
  assert.equal(findLanguage(plain, parseLanguages('FR')), 'fr')
  assert.equal(findLanguage(plain, parseLanguages('nl-BE-x,fr')), 'nl')
  assert.equal(findLanguage({ 'en-US': 'Main Square', de: 'Hauptplatz' }, parseLanguages('en')), 'en-US')
  assert.equal(findLanguage(plain, parseLanguages('pt,fr;q=0.1')), 'fr')
})

test('4.15 without a match any language serves, the default first', () => {
  assert.deepEqual(findText(plain, parseLanguages('pt')), { text: 'Big Place', lang: '@none' })
  assert.deepEqual(findText({ fr: 'a' }, parseLanguages('*')), { text: 'a', lang: 'fr' })
  assert.equal(findText({}, parseLanguages('*')), undefined)
})
