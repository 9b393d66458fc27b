import {
  accountResiduals,
  circleArrows,
  cityMultipliers,
  columnSums,
  inputCoefficients,
  type InputOutputTable,
  leontiefInverse,
  limitLanguages,
  limitsIn,
  demoCity,
  resolveCity,
  runCity,
} from '@cityloop/economy'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cityReport } from './city-report.ts'
import { flowTexts } from './flow-texts.ts'
import { identityTexts } from './identity-texts.ts'
import { escaped, shown } from './markup.ts'
import { arrowsOf, tableReport } from './table-report.ts'
import { texts } from './texts.ts'

const city = resolveCity({ ...demoCity, name: 'A <b>city</b> & more' })
const run = runCity(city.inputs)
const html = cityReport({
  run,
  inputs: city.inputs,
  kinds: city.kinds,
  inForce: city.inForce,
  multipliers: cityMultipliers(city.inputs.parameters),
  language: 'pt',
})

test('the report asks for nothing: no script, no link, no address', () => {
  assert.equal(/<script|<link|<img|<iframe|@import|url\((?!#)|https?:/.exec(html)?.[0], undefined)
  assert.match(html, /default-src 'none'/)
})

test('names from outside are shown as text', () => {
  assert.doesNotMatch(html, /<b>city/)
  assert.match(html, /A &lt;b&gt;city&lt;\/b&gt; &amp; more/)
})

test('every arrow stands in the drawing with its value, and every limit beside the numbers in every language', () => {
  assert.equal(html.match(/marker-end/g)!.length, circleArrows.length)
  assert.equal(html.match(/stroke-dasharray="8 7"/g)!.length, 2)
  assert.ok(html.includes(`>${shown(run.years[0]!.wages)}</text>`))
  for (const language of limitLanguages) for (const text of limitsIn(language)) assert.ok(html.includes(escaped(text)), text)
})

test('the language asked for is checked, and there are four', () => {
  assert.equal(html.match(/ checked>/g)!.length, 1)
  assert.match(html, /id="lang-pt" checked/)
  for (const language of limitLanguages) assert.match(html, new RegExp(`id="lang-${language}"`))
})

test('the matrix and its residuals are those of the run', () => {
  const [year] = run.years
  for (const value of year!.matrix.flat().filter((amount) => amount !== 0)) assert.ok(html.includes(`>${shown(value)}</td>`))
  assert.ok(Math.max(...accountResiduals(year!.matrix).map(Math.abs)) < 1e-9)
  assert.doesNotMatch(html, /NaN|undefined|Infinity/)
})

test('every text is there in four languages and none is empty', () => {
  const all = [...Object.values(texts), ...Object.values(identityTexts), ...Object.values(flowTexts).flatMap(({ name, meaning }) => [name, meaning])]
  for (const four of all) for (const text of four) assert.ok(text.length > 0)
})

test('numbers are written alike in every language', () => {
  assert.deepEqual(
    [shown(1_538_262), shown(-1189.4), shown(0.14548), shown(57.26), shown(3), shown(0), shown(-1.8e-12)],
    ['1\u202f538\u202f262', '−1\u202f189', '0.145', '57.3', '3', '0', '−1.8e−12'],
  )
})

test('a table alone leaves grey what it does not know and shows the residual that it has', () => {
  const table: InputOutputTable = {
    area: 'A',
    year: 2020,
    unit: 'million',
    source: 'test',
    form: 'regional',
    sectors: ['x'],
    intermediate: [[20]],
    finalDemand: [
      { name: 'Households', values: [30] },
      { name: 'Exports', values: [45] },
    ],
    primaryInputs: [{ name: 'Compensation of employees', values: [80] }],
    output: [100],
  }
  const arrows = arrowsOf({ table, exports: ['Exports'] })
  assert.deepEqual(
    arrows.filter(({ state }) => state === 'flow').map(({ measure, value }) => [measure, value]),
    [
      ['wages', 80],
      ['localPurchases', 30],
      ['exports', 45],
    ],
  )
  const page = tableReport({
    name: 'A',
    table,
    findings: [],
    exports: ['Exports'],
    multipliers: columnSums(leontiefInverse(inputCoefficients(table.intermediate, table.output))),
  })
  assert.ok(page.includes('−5</td>'))
  assert.equal(page.match(/stroke="var\(--none\)" stroke-width="2.50"/g)!.length, circleArrows.length - 5)
})
