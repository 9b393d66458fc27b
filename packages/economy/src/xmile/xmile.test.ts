import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Refusal } from '../refusal.ts'
import type { RunClock } from './compile-expression.ts'
import { compileExpression } from './compile-expression.ts'
import { parseEquation } from './equation-syntax.ts'
import { canonicalName } from './equation-tokens.ts'
import { evaluationOrder } from './evaluation-order.ts'
import { lookUp } from './graphical-function.ts'
import { readXmile } from './read-xmile.ts'
import type { XmileRun } from './simulate-xmile.ts'
import { simulateXmile } from './simulate-xmile.ts'
import type { XmlNode } from './xml-tree.ts'
import { treeFromFastXml } from './xml-tree.ts'

type Part = XmlNode | string

function element(name: string, attributes: Record<string, string>, ...parts: Part[]): XmlNode {
  return {
    name,
    attributes,
    children: parts.filter((part) => typeof part !== 'string'),
    text: parts.filter((part) => typeof part === 'string').join(''),
  }
}

const eqn = (text: string): XmlNode => element('eqn', {}, text)
const aux = (name: string, ...parts: Part[]): XmlNode => element('aux', { name }, ...parts)
const stock = (name: string, initial: string, ...parts: Part[]): XmlNode => element('stock', { name }, eqn(initial), ...parts)
const flow = (name: string, ...parts: Part[]): XmlNode => element('flow', { name }, ...parts)
const inflow = (name: string): XmlNode => element('inflow', {}, name)
const outflow = (name: string): XmlNode => element('outflow', {}, name)

function xmile(specs: { start?: number; stop: number; dt: number; method?: string }, variables: XmlNode[], ...others: XmlNode[]): XmlNode {
  return element(
    'xmile',
    { version: '1.0' },
    element(
      'sim_specs',
      { method: specs.method ?? 'Euler' },
      element('start', {}, String(specs.start ?? 0)),
      element('stop', {}, String(specs.stop)),
      element('dt', {}, String(specs.dt)),
    ),
    ...others,
    element('model', {}, element('variables', {}, ...variables)),
  )
}

function run(root: XmlNode): (label: string) => readonly number[] {
  const result: XmileRun = simulateXmile(readXmile(root))
  return (label) => {
    const column = result.columns.find((one) => one.label === label)
    assert.ok(column !== undefined, `there is no column ${label}`)
    return column.values
  }
}

const near = (actual: number | undefined, expected: number, tolerance: number): void =>
  assert.ok(actual !== undefined && Math.abs(actual - expected) <= tolerance, `${actual} is not within ${tolerance} of ${expected}`)

const clock: RunClock = { time: 5, dt: 0.5, start: 0, stop: 10 }
const evaluate = (equation: string, time = 5): number =>
  compileExpression(parseEquation(equation), { places: new Map([['a_b', 0]]), graphs: new Map() })({ ...clock, time }, Float64Array.of(7))

const teacup = [
  stock('Teacup Temperature', '180', outflow('heat_loss')),
  flow('Heat Loss', eqn('("Teacup Temperature" - Room_Temperature) / 10 {minutes}')),
  aux('Room Temperature', eqn('70')),
]

test('the teacup cools by the closed form of Euler and, with Runge-Kutta, by that of the exponential', () => {
  const euler = run(xmile({ stop: 30, dt: 0.125 }, teacup))('Teacup Temperature')
  assert.equal(euler.length, 241)
  euler.forEach((value, k) => near(value, 70 + 110 * (1 - 0.125 / 10) ** k, 1e-9))
  const rk4 = run(xmile({ stop: 30, dt: 0.125, method: 'RK4' }, teacup))('Teacup Temperature')
  rk4.forEach((value, k) => near(value, 70 + 110 * Math.exp(-(k * 0.125) / 10), 1e-6))
})

test('operators bind as in XMILE 3.3.1', () => {
  const cases: [string, number][] = [
    ['-2^2', -4],
    ['2^3^2', 512],
    ['2^-1', 0.5],
    ['10 - 2 - 3', 5],
    ['12 / 2 / 3', 2],
    ['1 + 2 * 3 mod 4', 3],
    ['NOT 0 AND 1', 1],
    ['1 OR 0 AND 0', 1],
    ['1 + 1 = 2', 1],
    ['3 < 2 = 0', 1],
    ['5 // 0', 0],
    ['IF 1 > 2 THEN 3 ELSE IF 2 > 1 THEN 4 ELSE 5', 4],
    ['-7 MOD 3', -1],
    ['INT(-1.5)', -1],
    ['A_B + "a b"', 14],
    ['.5 + 1e-1', 0.6],
    ['SAFEDIV(1, 0, 9)', 9],
    ['MIN(4, 2, 3) + MAX(1)', 3],
    ['2 {two} * PI', 2 * Math.PI],
  ]
  for (const [equation, expected] of cases) near(evaluate(equation), expected, 1e-12)
})

test('functions of time switch where they say', () => {
  assert.equal(evaluate('STEP(3, 5)'), 3)
  assert.equal(evaluate('STEP(3, 5.5)'), 0)
  assert.equal(evaluate('RAMP(2, 3)'), 4)
  assert.equal(evaluate('RAMP(2, 3, 4)'), 2)
  assert.equal(evaluate('PULSE(6, 5)'), 12) // over one step of 0.5
  assert.equal(evaluate('PULSE(6, 5)', 5.5), 0)
  assert.equal(evaluate('PULSE(6, 1, 2)'), 12)
  assert.equal(evaluate('PULSE(6, 1, 2)', 5.5), 0)
  assert.equal(evaluate('TIME + DT + STARTTIME + STOPTIME'), 15.5)
})

test('names are the same whatever their case, quotes, blanks and line breaks', () => {
  for (const name of ['Wom Multiplier', 'wom_multiplier', '"wom  Multiplier"', 'WOM\\nmultiplier', 'wom\u00a0_multiplier']) {
    assert.equal(canonicalName(name), 'wom_multiplier')
  }
})

test('a curve is straight between its points, stays at its ends, goes on or steps', () => {
  const points = { xs: [0, 1, 3], ys: [0, 10, 20] }
  const at = (kind: 'continuous' | 'extrapolate' | 'discrete', x: number): number => lookUp({ kind, ...points }, x)
  assert.deepEqual(
    [-1, 0.5, 2, 9].map((x) => at('continuous', x)),
    [0, 5, 15, 20],
  )
  assert.deepEqual(
    [-1, 0.5, 2, 9].map((x) => at('extrapolate', x)),
    [-10, 5, 15, 50],
  )
  assert.deepEqual(
    [-1, 0.5, 2, 9].map((x) => at('discrete', x)),
    [0, 0, 10, 20],
  )
})

test('smooths and delays meet their closed forms', () => {
  const dt = 1 / 1024
  const result = run(
    xmile({ stop: 4, dt }, [
      aux('input', eqn('STEP(10, 0)')),
      aux('s1', eqn('SMTH1(input, 2, 0)')),
      aux('s3', eqn('SMTH3(input, 2, 0)')),
      aux('d1', eqn('DELAY1(input, 2, 0)')),
      aux('d3', eqn('DELAY3(input, 2, 0)')),
      aux('shifted', eqn('DELAY(TIME, 1.5, -1)')),
      aux('kept', eqn('INIT(TIME + 3)')),
      aux('growth', eqn('EXP(0.05 * TIME)')),
      aux('rate', eqn('TREND(growth, 1, 0.05)')),
      aux('ahead', eqn('FORCST(growth, 1, 2, 0.05)')),
    ]),
  )
  const erlang = (x: number): number => 10 * (1 - Math.exp(-x) * (1 + x + (x * x) / 2))
  near(result('s1').at(-1), 10 * (1 - Math.exp(-2)), 2e-2)
  near(result('d1').at(-1), 10 * (1 - Math.exp(-2)), 2e-2)
  near(result('s3').at(-1), erlang(6), 2e-2)
  near(result('d3').at(-1), erlang(6), 2e-2)
  near(result('shifted').at(-1), 2.5, 1e-12)
  assert.equal(result('shifted')[0], -1)
  assert.equal(result('kept').at(-1), 3)
  near(result('rate').at(-1), 0.05, 1e-3) // an exponential's lag average grows as fast as it does
  near(result('ahead').at(-1), Math.exp(0.2) * 1.1, 5e-3)
})

test('functions nested in each other stay as small as they are written', () => {
  const nested = `${'FORCST('.repeat(40)}TIME + 1${', 2, 1)'.repeat(40)}`
  const result = run(xmile({ stop: 0, dt: 1 }, [aux('deep', eqn(nested)), aux('chain', eqn(`${'DELAY3('.repeat(30)}TIME + 5${', 2)'.repeat(30)}`))]))
  near(result('deep')[0], 1, 1e-12)
  near(result('chain')[0], 5, 1e-12)
})

test('flows and stocks that may not be negative stop at nothing, unless they say otherwise', () => {
  const forbid = element('non_negative', {})
  const result = run(
    xmile(
      { stop: 4, dt: 1 },
      [
        stock('tank', '2', outflow('drain')),
        stock('free', '2', outflow('drain'), element('non_negative', {}, 'false')),
        flow('drain', eqn('1')),
        flow('back', eqn('-TIME')),
      ],
      element('behavior', {}, element('stock', {}, forbid), element('flow', {}, forbid)),
    ),
  )
  assert.deepEqual(result('tank'), [2, 1, 0, 0, 0])
  assert.deepEqual(result('free'), [2, 1, 0, -1, -2])
  assert.ok(result('back').every((value) => value === 0))
})

test('arrays run element by element, alone, together and over whole dimensions', () => {
  const dimension = (name: string, ...elements: string[]): XmlNode =>
    element('dim', { name }, ...elements.map((one) => element('elem', { name: one })))
  const over = (...names: string[]): XmlNode => element('dimensions', {}, ...names.map((name) => element('dim', { name })))
  const at = (subscript: string, equation: string): XmlNode => element('element', { subscript }, eqn(equation))
  const result = run(
    xmile(
      { stop: 2, dt: 1 },
      [
        aux('rate', over('Area'), at('North', '1'), at('South', '2')),
        stock('people', '10', over('Area'), inflow('moves')),
        flow('moves', over('Area'), eqn('rate[Area] * people / 10')),
        aux('grid', over('Area', 'Age'), eqn('1, 2, 3, 4')),
        aux('all', eqn('SUM(grid[*, *]) + MAX(people[*])')),
        aux('by area', over('Area'), eqn('SUM(grid[Area, *])')),
        aux('one', eqn('grid[South, 1]')),
      ],
      element('dimensions', {}, dimension('Area', 'North', 'South'), dimension('Age', 'young', 'old')),
    ),
  )
  assert.deepEqual(result('people[North]'), [10, 11, 12.1])
  assert.deepEqual(result('people[South]'), [10, 12, 14.4])
  assert.deepEqual(result('by area[South]'), [7, 7, 7])
  assert.deepEqual(result('grid[North,old]'), [2, 2, 2])
  assert.deepEqual(result('one'), [3, 3, 3])
  near(result('all').at(-1), 10 + 14.4, 1e-12)
})

test('what is not supported is refused by name, all of it at once', () => {
  const root = xmile(
    { stop: 1, dt: 1 },
    [stock('belt', '1', element('conveyor', {})), stock('line', '1', element('queue', {})), element('module', { name: 'parts' })],
    element('macro', { name: 'half' }),
    element('data', {}),
  )
  assert.throws(
    () => readXmile(root),
    (error) => {
      assert.ok(error instanceof Refusal)
      const said = error.findings.map((one) => one.message).join('\n')
      for (const part of ['belt is or has a conveyor', 'line is or has a queue', 'The module parts', 'The macro half', 'External data'])
        assert.ok(said.includes(part), part)
      return true
    },
  )
  const refused = (equation: string, expected: RegExp): void => {
    assert.throws(() => run(xmile({ stop: 1, dt: 1 }, [aux('x', eqn(equation))])), { name: 'Refusal', message: expected })
  }
  refused('UNIFORM(0, 1)', /x: the random function UNIFORM is not supported/)
  refused('LOOKUP_AREA(1)', /x: the function LOOKUP_AREA is not supported/)
  refused('constructor', /there is no variable constructor/)
  refused('toString(1)', /the function TOSTRING is not supported/)
  refused('y + 1', /there is no variable y/)
  refused('x + 1', /equations go in a circle: x needs x/)
  refused('1 +', /its end where a value is expected/)
  refused('1 / (TIME - 1)', /x is Infinity at time 1/)
  refused('SQRT(-1)', /x is NaN at time 0/)
  refused('???', /lost it where it was converted/)
  refused('('.repeat(200) + '1' + ')'.repeat(200), /nested deeper than 100/)
  refused(`1${'+1'.repeat(600)}`, /chains more than 500 operators/)
  assert.throws(() => readXmile(xmile({ stop: 1, dt: 1, method: 'Gear' }, [])), /integration method gear is not supported/)
})

test('walls on steps and size hold before memory is taken', () => {
  const model = readXmile(xmile({ stop: 1e9, dt: 1e-3 }, [aux('x', eqn('1'))]))
  assert.throws(() => simulateXmile(model), /steps, more than 1000000/)
  const wide = readXmile(
    xmile(
      { stop: 9e5, dt: 1 },
      Array.from({ length: 20 }, (_, i) => aux(`x${i}`, eqn('1'))),
    ),
  )
  assert.throws(() => simulateXmile(wide), /cells|evaluations/)
  const stop = new AbortController()
  stop.abort(new Error('time is over'))
  assert.throws(() => simulateXmile(readXmile(xmile({ stop: 10, dt: 1 }, teacup)), { signal: stop.signal }), /time is over/)
})

test('a long chain of equations is put in order without exhausting the stack', () => {
  const needs = Array.from({ length: 50_000 }, (_, i) => (i + 1 < 50_000 ? [i + 1] : []))
  assert.equal(evaluationOrder(needs, String)[0], 49_999)
})

test('the ordered result of fast-xml-parser becomes plain nodes, with entities read once and unknown ones refused', () => {
  const parsed = [
    { '?xml': [{ '#text': '' }], ':@': { version: '1.0' } },
    {
      XMILE: [
        { '#text': '\n ' },
        { aux: [{ eqn: [{ '#text': ' a &lt; b &amp;amp; c ' }] }, { '#cdata': [{ '#text': '<raw>&gt;' }] }], ':@': { name: 'A &#66;' } },
      ],
    },
  ]
  const root = treeFromFastXml(parsed)
  assert.equal(root.name, 'xmile')
  const [child] = root.children
  assert.equal(child!.attributes['name'], 'A B')
  assert.equal(child!.text, '<raw>&gt;')
  assert.equal(child!.children[0]!.text, 'a < b &amp; c')
  assert.throws(() => treeFromFastXml([{ x: [{ '#text': '&xxe;' }] }]), /entity &xxe;, and entities are not read/)
  assert.throws(() => treeFromFastXml({ xmile: {} }), /no list of elements/)
  assert.throws(() => treeFromFastXml([{ a: [] }, { b: [] }]), /one root element, not 2/)
  let deep: unknown = []
  for (let i = 0; i < 300; i++) deep = [{ a: deep }]
  assert.throws(() => treeFromFastXml(deep), /nested deeper than 100/)
})

test('10,000 random documents run to finite numbers or are refused, and nothing else happens', () => {
  const leaf = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom('1', '2.5', '0', 'a', 'c_d', 'Stock', 'TIME', 'DT', 'b[e]', 'PI', '"c d"') },
    { weight: 1, arbitrary: fc.constantFrom('b[dim]', 'b[*]', 'b', '__proto__', '1e308', 'nobody', 'a[e]') },
  )
  const { equation } = fc.letrec<{ equation: string }>((tie) => ({
    equation: fc.oneof(
      { maxDepth: 3 },
      { weight: 6, arbitrary: leaf },
      {
        weight: 5,
        arbitrary: fc
          .tuple(tie('equation'), fc.constantFrom('+', '-', '*', '/', '^', ' mod ', '//', '<', '=', ' and '), tie('equation'))
          .map((parts) => `(${parts.join('')})`),
      },
      {
        weight: 3,
        arbitrary: fc
          .tuple(fc.constantFrom('SMTH1', 'DELAY', 'DELAY3', 'MAX', 'STEP', 'TREND', 'SAFEDIV', 'MIN'), tie('equation'), tie('equation'))
          .map(([name, x, y]) => `${name}(${x},${y})`),
      },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.constantFrom('LN', 'SUM', 'constructor', 'UNIFORM', 'INIT', 'curve'), tie('equation'))
          .map(([name, x]) => `${name}(${x})`),
      },
      { weight: 2, arbitrary: fc.tuple(tie('equation'), tie('equation'), tie('equation')).map(([x, y, z]) => `IF ${x} THEN ${y} ELSE ${z}`) },
      { weight: 1, arbitrary: fc.string({ maxLength: 8 }) },
    ),
  }))
  const flag = fc.constantFrom(...Array.from({ length: 9 }, () => false), true)
  const curve = fc
    .array(fc.oneof({ weight: 20, arbitrary: fc.integer({ min: -5, max: 5 }).map(String) }, fc.constant('x')), { minLength: 1, maxLength: 4 })
    .map((points) => element('gf', { name: 'curve' }, element('ypts', {}, points.join(',')), element('xscale', { min: '0', max: '2' })))
  const array = element('dimensions', {}, element('dim', { name: 'dim' }))
  const dimensions = element('dimensions', {}, element('dim', { name: 'dim' }, element('elem', { name: 'e' }), element('elem', { name: 'f' })))
  const documents = fc
    .record({
      texts: fc.tuple(equation, equation, equation),
      initial: fc.oneof({ weight: 9, arbitrary: fc.constantFrom('1', '100', '-3') }, { weight: 1, arbitrary: equation }),
      curve,
      odd: fc.tuple(flag, flag, flag),
      stop: fc.constantFrom(0, 3, 10),
      dt: fc.constantFrom(...Array.from({ length: 9 }, () => 0.5), 1, 0, -1),
      method: fc.constantFrom('Euler', 'RK4'),
    })
    .map(({ texts: [x, y, z], initial, curve, odd: [isModule, isTwice, isArray], stop, dt, method }) =>
      xmile(
        { stop, dt, method },
        [
          aux('a', eqn('2 + TIME'), ...(isArray ? [array] : [])),
          aux('b', eqn('3, 4'), array),
          aux('c d', eqn(x)),
          stock('Stock', initial, inflow('change'), ...(isTwice ? [eqn('2')] : [])),
          flow('change', eqn(y)),
          aux('last', eqn(z), curve),
          curve,
          ...(isModule ? [element('module', { name: 'm' })] : []),
        ],
        dimensions,
      ),
    )
  let ran = 0
  let refused = 0
  fc.assert(
    fc.property(documents, (root) => {
      try {
        const result = simulateXmile(readXmile(root))
        ran += 1
        assert.ok(result.columns.every((column) => column.values.every(Number.isFinite)))
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        refused += 1
        assert.ok(error.findings.length > 0 && error.findings.every((one) => one.message.length > 5))
      }
    }),
    { seed: 11, numRuns: 10_000 },
  )
  assert.ok(ran > 500 && refused > 500, `${ran} ran and ${refused} were refused`)
})
