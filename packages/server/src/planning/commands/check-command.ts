import { type CheckData, inputFindings, parseCityDocument, Refusal, resolveCity, runCheck } from '@cityloop/economy'
import { checkUpload } from '../tables/read-upload.ts'
import type { RawTable } from '../tables/read-rows.ts'
import { type Answer, type Asked, limited, onlyFile, textOption, UsageError } from './answer.ts'
import { parseCheckPlan } from './parse-check-plan.ts'
import { readJson, readTable } from './read-input.ts'

/**
 * `check`: with `--plan`, the causal check of a plan on a table of series; of a JSON file, whether it is a city that can be run; of a table, whether an
 * upload adds up.
 */
export async function checkCommand(asked: Asked): Promise<Answer> {
  const file = onlyFile(asked, 'what is to be checked')
  const plan = textOption(asked, 'plan')
  if (plan !== undefined) return causal(await readJson(plan), await readTable(file), asked)
  if (file.endsWith('.json')) return city(await readJson(file))
  const { kind, lines, understood, findings } = checkUpload(await readTable(file))
  return {
    lines: [
      `${kind}, ${lines} lines: ${understood}`,
      ...findings.map(({ message }) => `! ${message}`),
      findings.length === 0 ? 'It adds up.' : `${findings.length} found`,
    ],
    data: { kind, lines, understood, findings },
    rows: [
      ['rule', 'row', 'column', 'difference', 'message'],
      ...findings.map(({ rule, row, column, difference, message }) => [rule, row, column, difference, message]),
    ],
    wrong: findings.length > 0,
  }
}

function city(document: unknown): Answer {
  const { inputs, kinds } = resolveCity(parseCityDocument(document))
  const findings = inputFindings(inputs)
  const known = `${kinds.observed} observed, ${kinds.derived} derived, ${kinds.assumed} assumed parameters`
  return {
    lines: [
      `${inputs.name}: ${inputs.sectors.length} sectors, ${known}`,
      ...findings.map(({ message }) => `! ${message}`),
      findings.length === 0 ? 'It can be run.' : `${findings.length} found`,
    ],
    data: { name: inputs.name, kinds, findings },
    wrong: findings.length > 0,
  }
}

/** The first column holds the periods, the second the treated series, the others the comparators; an empty cell is a missing period. */
function causal(plan: unknown, raw: RawTable, asked: Asked): Answer {
  const [, treated, ...others] = raw.columns
  if (treated === undefined) throw new UsageError(`${raw.name} needs a column of periods and a column of values`)
  const series = (name: string): CheckData['treated'] => ({ name, values: raw.rows.map((row) => valueOf(row.cells[name] ?? '', row.line, name)) })
  const result = runCheck(parseCheckPlan(plan), { treated: series(treated), comparators: others.map(series) })
  const effect = result.effect
  const shown = (value: number): string => (result.scale === 'log' ? `${(100 * value).toFixed(1)} %` : value.toPrecision(5))
  return limited(asked, 'check', {
    lines: [
      `${textOption(asked, 'name') ?? treated}: ${result.verdict} (${result.design}, ${result.level * 100} %)`,
      ...(effect === null
        ? []
        : [
            `effect ${shown(effect.estimate)}, interval ${shown(effect.interval[0])} to ${shown(effect.interval[1])}, expected ${shown(result.expected)}`,
          ]),
      ...(result.minimumDetectable === null ? [] : [`the least effect this design finds is ${shown(result.minimumDetectable)}`]),
      ...result.reasons.map((reason) => `- ${reason}`),
      ...result.diagnostics.map(({ name, passed, says }) => `  ${passed ? 'passed' : 'FAILED'} ${name}: ${says}`),
    ],
    data: result,
    rows: [
      ['period', 'observed', 'without'],
      ...result.path.map(({ period, observed, without }) => [
        raw.rows[period]?.cells[raw.columns[0]!] ?? period,
        observed ?? undefined,
        without ?? undefined,
      ]),
    ],
    wrong: result.verdict === 'invalid',
  })
}

function valueOf(text: string, line: number, column: string): number | null {
  if (text === '') return null
  const value = Number(text)
  if (Number.isFinite(value)) return value
  throw new Refusal([{ rule: 'number', row: `line ${line}`, column, message: `line ${line}: ${column} is ${text}, no number` }])
}
