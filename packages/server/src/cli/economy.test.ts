import { limitLanguages, limits, limitsIn, type LimitSubject } from '@cityloop/economy'
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { economyCommand } from './economy.ts'

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'economy-'))
})
after(async () => rm(folder, { recursive: true, force: true }))

interface Said {
  readonly code: number
  readonly out: string
  readonly err: string
}
async function economy(...args: string[]): Promise<Said> {
  let out = ''
  let err = ''
  const now = (): string => '2025-02-01T10:00:00Z'
  const code = await economyCommand(args, { stdout: (text) => void (out += text), stderr: (text) => void (err += text), now })
  return { code, out, err }
}
async function file(name: string, content: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

test('without a subcommand the list is printed with exit code 2, with --help with 0', async () => {
  const bare = await economy()
  assert.equal(bare.code, 2)
  assert.match(bare.out, /Usage: cityloop economy SUBCOMMAND/)
  assert.equal((await economy('--help')).code, 0)
  const unknown = await economy('forecast-all')
  assert.deepEqual([unknown.code, unknown.err.split('\n')[0]], [2, 'cityloop economy: there is no subcommand forecast-all'])
})

test('every subcommand has help', async () => {
  for (const word of ['run', 'compare', 'check', 'project', 'multipliers', 'kpi', 'hypothesis', 'xmile', 'template']) {
    const { code, out } = await economy(word, '--help')
    assert.equal(code, 0, word)
    assert.match(out, new RegExp(`^Usage: cityloop economy ${word}`))
  }
})

test('run --demo prints years, identities and the limits, in Japanese when asked', async () => {
  const { code, out } = await economy('run', '--demo', '--language', 'ja')
  assert.equal(code, 0)
  assert.match(out, /^2050 +1436109/m)
  assert.match(out, /identities hold/)
  assert.match(out, /弾力性|仮説/)
})

test('compare gives the effect of the measure as JSON, with the limits beside it', async () => {
  const { code, out } = await economy('compare', '--demo', '--scenario', 'platform-100', '--json')
  const answer = JSON.parse(out) as { differences: { gva: number; population: number }[]; limits: string[] }
  assert.deepEqual([code, answer.differences[15]!.gva.toFixed(1), answer.differences[15]!.population, answer.limits.length], [0, '76.4', 0, 6])
})

test('a report, a table of years and the whole answer are written by the ending of --out', async () => {
  for (const ending of ['html', 'csv', 'json']) {
    const path = join(folder, `demo.${ending}`)
    assert.equal((await economy('compare', '--demo', '--scenario', 'platform-100-attracts', '--draws', '20', '--seed', '4', '--out', path)).code, 0)
    assert.ok((await readFile(path)).length > 1000, ending)
  }
  const again = join(folder, 'again.html')
  await economy('compare', '--demo', '--scenario', 'platform-100-attracts', '--draws', '20', '--seed', '4', '--out', again)
  assert.deepEqual(await readFile(again), await readFile(join(folder, 'demo.html')))
  const { code, err } = await economy('run', '--demo', '--out', join(folder, 'demo.pdf'))
  assert.deepEqual([code, err.includes('must end in .json, .csv, .html or .xlsx')], [2, true])
})

test('a template written as Excel or CSV passes its own check', async () => {
  for (const kind of ['input-output', 'population', 'jobs', 'commuting', 'settlement']) {
    for (const ending of ['xlsx', 'csv']) {
      const path = join(folder, `${kind}.${ending}`)
      assert.equal((await economy('template', kind, '--out', path)).code, 0)
      const { code, out } = await economy('check', path)
      assert.equal(code, 0)
      assert.match(out, new RegExp(`^${kind}, \\d+ lines`))
    }
  }
})

test('the city template is a city that can be run', async () => {
  const path = join(folder, 'city.json')
  assert.equal((await economy('template', 'city', '--out', path)).code, 0)
  assert.match((await economy('check', path)).out, /It can be run\./)
  assert.equal((await economy('run', path)).code, 0)
})

test('an upload that does not add up is found with exit code 1 and its line', async () => {
  const path = await file('wrong.csv', 'area,year,sector,jobs\nA,2020,x,1\nA,2020,total,5\n')
  const { code, out } = await economy('check', path)
  assert.deepEqual([code, out.split('\n')[1]], [1, '! line 3: the total is 5, the sectors sum to 1'])
})

test('a city with a share above one is refused with exit code 1, also as JSON', async () => {
  const city = JSON.parse((await economy('template', 'city', '--json')).out) as { parameters: Record<string, { values: { value: unknown }[] }> }
  city.parameters['consumptionPropensity']!.values[0]!.value = 1.5
  const path = await file('share.json', JSON.stringify(city))
  const { code, out, err } = await economy('run', path, '--json')
  assert.equal(code, 1)
  assert.match(err, /consumptionPropensity is 1\.5, outside 0 to 1/)
  assert.equal((JSON.parse(out) as { findings: { account: string }[] }).findings[0]!.account, 'consumptionPropensity')
})

test('files that are not there, broken JSON and unknown options are told apart', async () => {
  assert.deepEqual(await economy('run', join(folder, 'none.json')).then(({ code, err }) => [code, err.startsWith('there is no file')]), [2, true])
  assert.equal((await economy('run', await file('broken.json', '{'))).code, 1)
  assert.equal((await economy('run', '--demo', '--fast')).code, 2)
  assert.equal((await economy('run')).code, 2)
  assert.equal((await economy('run', '--demo', '--draws', '-3')).code, 2)
})

test('multipliers of the template table, and what a spending sets in motion', async () => {
  const path = join(folder, 'io.csv')
  await economy('template', 'input-output', '--out', path)
  const { code, out } = await economy('multipliers', path, '--spend', 'Services=10')
  assert.equal(code, 0)
  assert.match(out, /Example city 2020: mean Type I 1\.\d{3}/)
  assert.match(out, /value added +direct 7\.00000, with suppliers/)
  assert.match(out, /jobs +direct 95\.0000/)
  assert.match(out, /must not be added up/)
  assert.equal((await economy('multipliers', path, '--spend', 'Fishing=10')).code, 2)
})

test('a table that does not add up is refused, and one without imports is marked', async () => {
  const path = join(folder, 'io2.csv')
  await economy('template', 'input-output', '--out', path)
  const text = await readFile(path, 'utf8')
  const wrong = await economy('multipliers', await file('off.csv', text.replace('Industry,Services,20', 'Industry,Services,27')), '--json')
  assert.equal(wrong.code, 1)
  assert.deepEqual(
    (JSON.parse(wrong.out) as { findings: { row: string; column: string; difference: number }[] }).findings.map(({ row, column, difference }) => [
      row,
      column,
      difference,
    ]),
    [
      ['Industry', 'total use', 7],
      ['total input', 'Services', 7],
    ],
  )
  const near = await economy(
    'multipliers',
    await file('near.csv', text.replace('Industry,Services,20', 'Industry,Services,20.8')),
    '--tolerance',
    '1',
  )
  assert.equal(near.code, 0)
  // inputs of 85 and 100 of an output of 100 leave little: without imports taken off the multipliers are those of no city
  const rows = [
    'x,x,60',
    'x,y,30',
    'y,x,25',
    'y,y,50',
    'x,final:Households,10',
    'y,final:Households,25',
    'x,output,100',
    'y,output,100',
    'input:Wages,x,15',
    'input:Wages,y,20',
  ]
  const total = await file('total.csv', `area,year,unit,form,from,to,value\n${rows.map((row) => `A,2020,u,unspecified,${row}`).join('\n')}\n`)
  const marked = await economy('multipliers', total)
  assert.equal(marked.code, 1)
  assert.match(marked.out, /unregionalised\?/)
})

test('a population is carried on by its cohort ratios', async () => {
  const line = (year: number, sex: string, values: readonly number[]): string[] =>
    values.map((value, i) => `A,${year},${sex},${i < 3 ? `${i * 25}-${i * 25 + 24}` : '75+'},${value}`)
  const rows = [1980, 2005].flatMap((year) => [
    ...line(year, 'female', year === 1980 ? [100, 100, 80, 30] : [90, 99, 95, 50]),
    ...line(year, 'male', year === 1980 ? [105, 98, 75, 20] : [95, 102, 90, 40]),
  ])
  const path = await file('people.csv', `area,year,sex,age,persons\n${rows.join('\n')}\n`)
  const { code, out } = await economy('project', path, '--until', '2030')
  assert.equal(code, 0)
  assert.match(out, /2030 +\d+ people/)
})

/** Three districts that move alike by a fixed pattern without trend, and one more, lifted by 10 % from period 36 on. */
function districts(): string {
  const noise = (t: number, k: number): number => ((t * 7919 + k * 104_729 + ((t * t * 31 + k * 17) % 97)) % 89) / 89 - 0.5
  const rows = Array.from({ length: 60 }, (_, t) =>
    [t, ...[0, 1, 2, 3].map((k) => (100 * (1 + 0.03 * noise(t, k)) * (k === 0 && t >= 36 ? 1.1 : 1)).toFixed(3))].join(','),
  )
  return `month,north,south,east,west\n${rows.join('\n')}\n`
}

/** Arguments of every subcommand that gives numbers, and the subject of their limits. */
async function numbers(): Promise<readonly (readonly [LimitSubject, ...string[]])[]> {
  const io = join(folder, 'limits-io.csv')
  await economy('template', 'input-output', '--out', io)
  const ages = ['0-24', '25-49', '50-74', '75+']
  const people = [1980, 2005].flatMap((year) => ['female', 'male'].flatMap((sex) => ages.map((age, i) => `A,${year},${sex},${age},${100 - 10 * i}`)))
  const series = await file('limits-series.csv', 'series,id,period,value\nunemployed,u1,2025,100\nlabour_force,l1,2025,2500\n')
  const plan = await file('limits-plan.json', JSON.stringify({ design: 'differenceInDifferences', scale: 'log', start: 36, expected: 0.1 }))
  const cup =
    '<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0"><header><name>c</name></header><sim_specs><start>0</start><stop>1</stop>' +
    '<dt>1</dt></sim_specs><model><variables><aux name="heat"><eqn>1</eqn></aux></variables></model></xmile>'
  return [
    ['circles', 'run', '--demo'],
    ['circles', 'run', '--demo', '--scenario', 'platform-100'],
    ['circles', 'compare', '--demo', '--scenario', 'platform-100'],
    ['circles', 'multipliers', io],
    ['projection', 'project', await file('limits-people.csv', `area,year,sex,age,persons\n${people.join('\n')}\n`)],
    ['systemDynamics', 'xmile', await file('limits.xmile', cup)],
    ['indicator', 'kpi', 'ec.unemp', series, '--period', '2025'],
    ['check', 'check', await file('limits-months.csv', districts()), '--plan', plan],
  ]
}

test('the limits stand beside the numbers of every subcommand, as text, JSON and CSV, in every language', async () => {
  for (const [subject, ...words] of await numbers()) {
    for (const language of limitLanguages) {
      const expected = limitsIn(language, subject)
      const said = await economy(...words, '--language', language)
      assert.equal(said.code, 0, `${words.join(' ')}: ${said.err}`)
      const path = join(folder, `limits.${language}.csv`)
      await economy(...words, '--language', language, '--out', path)
      const csv = (await readFile(path, 'utf8')).trim().split('\r\n')
      assert.deepEqual(
        csv.filter((line) => line.startsWith('# ')),
        expected.map((limit) => `# ${limit.replaceAll(',', ';')}`),
        words[0],
      )
      for (const limit of expected) assert.ok(said.out.includes(`! ${limit}\n`), `${words[0]} ${limit}`)
    }
    const { limits } = JSON.parse((await economy(...words, '--language', 'ja', '--json')).out) as { limits: string[] }
    assert.deepEqual(limits, limitsIn('ja', subject))
    assert.equal((await economy(...words, '--language', 'fr')).code, 2)
  }
})

test('indicators have names in four languages, and the induced multiplier and the circulation rate the limits of their model', async () => {
  assert.match((await economy('kpi', '--language', 'ja')).out, /^pop\.total +総人口 \[/m)
  assert.match((await economy('kpi', 'ec.unemp', '--language', 'pt')).out, /^ec\.unemp: Desemprego$/m)
  const all = JSON.parse((await economy('kpi', '--json')).out) as { names: Record<string, string> }[]
  assert.deepEqual(
    all.map(({ names }) => Object.keys(names).length),
    all.map(() => 4),
  )
  const path = join(folder, 'kpi.csv')
  await economy('kpi', '--language', 'es', '--out', path)
  assert.match(await readFile(path, 'utf8'), /^ec\.unemp,1,Desempleo,/m)
  const series = await file('rate.csv', 'series,id,period,value\ngva,g1,2025,90\nnet_income_inflow,n1,2025,10\n')
  const rate = (await economy('kpi', 'ec.circulation', series, '--period', '2025', '--language', 'es')).out
  assert.ok(rate.includes('Tasa de circulación') && rate.includes(limits.circulation.es))
})

test('an indicator is computed from a file with the rows it came from', async () => {
  assert.equal((await economy('kpi')).out.trim().split('\n').length, 38)
  const path = await file('series.csv', 'series,id,period,value\nunemployed,u1,2025,100\nlabour_force,l1,2025,2500\n')
  const { code, out } = await economy('kpi', 'ec.unemp', path, '--period', '2025')
  assert.deepEqual([code, out.split('\n')[0]], [0, 'ec.unemp in 2025: 4 P1'])
  assert.match(out, /unemployed: u1/)
})

test('a planned check of a measure says supported where ten percent were planted, and writes what would have been', async () => {
  const series = await file('districts.csv', districts())
  const plan = await file('plan.json', JSON.stringify({ design: 'differenceInDifferences', scale: 'log', start: 36, expected: 0.1 }))
  const { code, out } = await economy('check', series, '--plan', plan)
  assert.match(out, /^north: supported \(differenceInDifferences, 95 %\)/)
  assert.equal(code, 0)
})

test('a plan of a check that makes no sense is refused with exit code 1', async () => {
  const series = await file('short.csv', 'month,north\n0,1\n1,2\n')
  for (const [plan, message] of [
    [[], /the plan is no object/],
    [{ design: 'guess' }, /design is "guess"; it must be one of/],
    [{ design: 'interruptedTimeSeries', scale: 'log', start: 1 }, /expected is undefined, no number/],
    [{ design: 'interruptedTimeSeries', scale: 'log', start: 1, expected: 0 }, /must be a number other than 0/],
    [{ design: 'interruptedTimeSeries', scale: 'log', start: 1, expected: 1, mood: 'good' }, /the plan has no member mood/],
  ] as const) {
    const { code, err } = await economy('check', series, '--plan', await file('odd.json', JSON.stringify(plan)))
    assert.equal(code, 1)
    assert.match(err, message)
  }
})

test('a system-dynamics model is run and its series are written', async () => {
  const model = await file(
    'teacup.xmile',
    '<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0"><header><name>cup</name></header><sim_specs><start>0</start><stop>1</stop>' +
      '<dt>0.5</dt></sim_specs><model><variables><stock name="heat"><eqn>110</eqn><outflow>loss</outflow></stock><flow name="loss"><eqn>heat / 10</eqn></flow>' +
      '</variables></model></xmile>',
  )
  const out = join(folder, 'cup.csv')
  assert.equal((await economy('xmile', model, '--out', out)).code, 0)
  const [head, first, ...rest] = (await readFile(out, 'utf8')).split('# ')[0]!.trim().split('\r\n')
  assert.match(head!, /^time,/)
  assert.match(first!, /110/)
  assert.equal(rest.length, 2)
  const wrong = await economy('xmile', await file('bad.xmile', '<xmile><model>'))
  assert.equal(wrong.code, 1)
})
