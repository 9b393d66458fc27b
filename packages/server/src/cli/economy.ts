import { Refusal } from '@cityloop/economy'
import { type Answer, type Asked, UsageError } from '#planning/commands/answer.ts'
import { checkCommand } from '#planning/commands/check-command.ts'
import { hypothesisCommand } from '#planning/commands/hypothesis-command.ts'
import { kpiCommand } from '#planning/commands/kpi-command.ts'
import { projectCommand } from '#planning/commands/project-command.ts'
import { compareCommand, runCommand } from '#planning/commands/run-command.ts'
import { multipliersCommand } from '#planning/commands/table-command.ts'
import { templateCommand } from '#planning/commands/template-command.ts'
import { xmileCommand } from '#planning/commands/xmile-command.ts'
import { writeCsv } from '#planning/tables/write-csv.ts'
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'

/** What the command writes to. */
export interface EconomyIo {
  readonly stdout: (text: string) => void
  readonly stderr: (text: string) => void
  /** The present instant (RFC 3339); the clock when left out. */
  readonly now?: () => string
}

/**
 * `cityloop economy SUBCOMMAND`. Exit code 0 when done, 1 when something was refused or found wrong, 2 when the words make no sense. `--out` writes by the
 * ending of the file: .json, .csv, .html or .xlsx.
 */
export async function economyCommand(args: readonly string[], io: EconomyIo): Promise<number> {
  const [word = '', ...rest] = args
  if (word === '' || word === '--help' || word === 'help') {
    io.stdout(overview())
    return word === '' ? 2 : 0
  }
  const command = Object.hasOwn(commands, word) ? commands[word] : undefined
  if (command === undefined) {
    io.stderr(`cityloop economy: there is no subcommand ${word}\n${overview()}`)
    return 2
  }
  try {
    const { values, positionals } = parseArgs({ args: [...rest], options: { ...shared, ...command.options }, allowPositionals: true })
    if (values['help'] === true) {
      io.stdout(helpOf(word, command))
      return 0
    }
    const asJson = values['json'] === true
    const tell = asJson ? () => undefined : io.stderr
    const answer = await command.run({ files: positionals, options: values, tell, now: io.now ?? (() => new Date().toISOString()) })
    const out = values['out']
    if (typeof out === 'string') await writeAnswer(answer, out)
    if (asJson) io.stdout(`${JSON.stringify(answer.data)}\n`)
    else io.stdout(`${(typeof out === 'string' ? [`wrote ${out}`] : printed(answer)).join('\n')}\n`)
    return answer.wrong === true ? 1 : 0
  } catch (error) {
    return failed(error, rest.includes('--json'), io)
  }
}

interface Subcommand {
  readonly run: (asked: Asked) => Promise<Answer>
  readonly usage: string
  readonly about: string
  readonly options: Readonly<Record<string, { readonly type: 'string' | 'boolean'; readonly multiple?: boolean }>>
}

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const
const city = { demo: flag, upload: { type: 'string', multiple: true }, balance: text, scenario: text, draws: text, seed: text } as const
const shared = { help: flag, json: flag, out: text, language: text, name: text } as const

const commands: Readonly<Record<string, Subcommand>> = {
  run: {
    run: runCommand,
    usage: 'run CITY.json | --demo  [--upload TABLE]... [--balance GVA,U,FUND] [--scenario ID] [--draws N] [--seed S]',
    about:
      'runs the two circles; --upload lays your tables over the city, --balance meets the totals of its base year, --draws gives bands, --out report.html draws them',
    options: city,
  },
  compare: {
    run: compareCommand,
    usage: 'compare CITY.json | --demo  --scenario ID [--upload TABLE]... [--balance GVA,U,FUND] [--draws N] [--seed S]',
    about: 'runs a scenario against a base of the same behaviour',
    options: city,
  },
  check: {
    run: checkCommand,
    usage: 'check FILE [--plan PLAN.json]',
    about: 'says which row of an upload does not add up, or whether a city can be run; with --plan, whether a measure worked',
    options: { plan: text },
  },
  project: {
    run: projectCommand,
    usage: 'project PEOPLE.csv [--from YEAR] [--base YEAR] [--until YEAR]',
    about: 'carries a population on by the cohort ratios of two years',
    options: { from: text, base: text, until: text },
  },
  multipliers: {
    run: multipliersCommand,
    usage: 'multipliers TABLE.csv [--area A] [--jobs CENSUS.csv] [--delta D] [--spend SECTOR=AMOUNT]... [--tolerance N]',
    about:
      'Type I output multipliers of an input-output table; --jobs regionalises a table that holds no imports, --spend says what a spending sets in motion',
    options: { area: text, jobs: text, delta: text, tolerance: text, spend: { type: 'string', multiple: true } },
  },
  kpi: {
    run: kpiCommand,
    usage: 'kpi [ID [SERIES.csv --period P [--known-at INSTANT]]]',
    about: 'the catalogue of indicators, or the value of one with the rows it came from',
    options: { period: text, 'known-at': text },
  },
  hypothesis: {
    run: hypothesisCommand,
    usage: 'hypothesis sign PLAN.json --by NAME [--after SIGNED.json] | check PLAN.json or SIGNED.json',
    about: 'freezes the hash of a plan before its data are seen, or says whether a plan can be judged and is still what was signed',
    options: { by: text, after: text },
  },
  xmile: {
    run: xmileCommand,
    usage: 'xmile MODEL.xmile [--seconds N]',
    about: 'runs a system-dynamics model (XMILE 1.0, a stated subset) and gives its series',
    options: { seconds: text },
  },
  template: {
    run: templateCommand,
    usage: 'template [input-output | population | jobs | commuting | settlement | city]',
    about: 'writes a template to fill in, as .csv, .xlsx or (city) .json',
    options: {},
  },
}

function printed({ lines, limits = [] }: Answer): readonly string[] {
  return limits.length === 0 ? lines : [...lines, '', ...limits.map((limit) => `! ${limit}`)]
}

async function writeAnswer(answer: Answer, out: string): Promise<void> {
  const ending = /\.[a-z]+$/i.exec(out)?.[0].toLowerCase()
  switch (ending) {
    case '.json':
      return writeFile(out, `${JSON.stringify(answer.data, undefined, 2)}\n`)
    case '.csv':
      return writeFile(out, writeCsv(answer.rows ?? missing('rows', out), answer.limits))
    case '.html':
      return writeFile(out, answer.html ?? missing('a report', out))
    case '.xlsx':
      return writeFile(out, answer.workbook ?? missing('a workbook', out))
    default:
      throw new UsageError(`--out is ${out}; it must end in .json, .csv, .html or .xlsx`)
  }
}

function missing(what: string, out: string): never {
  throw new UsageError(`this answer has no ${what.replace(/^a /, '')} for ${out}`)
}

function failed(error: unknown, asJson: boolean, io: EconomyIo): number {
  const usage = error instanceof UsageError || (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
  if (!usage && !(error instanceof Refusal) && !(error instanceof RangeError)) throw error
  const findings = error instanceof Refusal ? error.findings : [{ rule: usage ? 'usage' : 'range', message: error.message }]
  if (asJson) io.stdout(`${JSON.stringify({ findings })}\n`)
  for (const { message } of findings.slice(0, 50)) io.stderr(`${message}\n`)
  if (findings.length > 50) io.stderr(`and ${findings.length - 50} more\n`)
  return usage ? 2 : 1
}

function overview(): string {
  const list = Object.entries(commands).map(([word, { about }]) => `  ${word.padEnd(12)} ${about}`)
  return `Usage: cityloop economy SUBCOMMAND [--json] [--out FILE.json|.csv|.html|.xlsx] [--language en|es|pt|ja]\n\n${list.join('\n')}\n\nEvery subcommand has --help. Exit codes: 0 done, 1 refused or found wrong, 2 not understood.\n`
}

function helpOf(word: string, { usage, about }: Subcommand): string {
  return `Usage: cityloop economy ${usage}\n\n${word}: ${about}\n\n  --json             the whole answer as JSON\n  --out FILE         by its ending .json, .csv, .html or .xlsx\n  --language CODE    en, es, pt or ja, for the limits and the report\n  --name NAME        a title\n`
}
