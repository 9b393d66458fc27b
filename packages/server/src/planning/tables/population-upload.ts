import type { Finding } from '@cityloop/economy'
import { onlyValue, rowReader } from './cell-values.ts'
import type { RawTable } from './read-rows.ts'

/** Residents of one year by age group, youngest first; `ages` are the first ages of the groups, the last open. */
export interface YearPyramid {
  readonly year: number
  readonly ages: readonly number[]
  readonly female: readonly number[]
  readonly male: readonly number[]
}

/** What a population file holds. */
export interface ReadPopulation {
  readonly area: string
  readonly pyramids: readonly YearPyramid[]
  readonly findings: readonly Finding[]
}

/**
 * Reads the `population` template, or a census table with the columns year, sex, age, value in Japanese. Refused by line: a negative number, an age twice,
 * a gap between ages, a sex missing, a total that is not the sum of its ages.
 */
export function readPopulationUpload(raw: RawTable): ReadPopulation {
  const read = rowReader(raw)
  const findings: Finding[] = raw.columns.includes('area') ? onlyValue(raw, 'area') : []
  const persons = raw.columns.includes('persons') ? 'persons' : 'value'
  const years = new Map<number, Record<Sex, Map<number, Group>>>()
  const totals: { readonly row: (typeof raw.rows)[number]; readonly year: number; readonly sex: Sex; readonly value: number }[] = []
  for (const row of raw.rows) {
    const sex = sexes[row.cells['sex'] ?? '']
    const year = read.year(row, 'year')
    const age = row.cells['age'] ?? ''
    const value = read.number(row, persons, 0)
    if (sex === undefined) read.report(row, 'word', `sex is ${row.cells['sex'] ?? 'empty'}; it must be female or male`)
    else if (age === 'total') totals.push({ row, year, sex, value })
    else {
      const group = groupOf(age)
      if (group === undefined) read.report(row, 'age', `age is ${age === '' ? 'empty' : age}; 7, 0-4, 85+ or total is read`)
      else {
        const known = years.get(year) ?? { female: new Map(), male: new Map() }
        years.set(year, known)
        if (known[sex].has(group.from)) read.report(row, 'twice', `age ${age} of ${sex} stands twice in ${year}`)
        known[sex].set(group.from, { ...group, value })
      }
    }
  }
  const pyramids = [...years].toSorted(([one], [other]) => one - other).map(([year, groups]) => pyramidOf(year, groups, findings))
  for (const { row, year, sex, value } of totals) {
    const sum = pyramids.find((pyramid) => pyramid.year === year)?.[sex].reduce((total, count) => total + count, 0) ?? 0
    if (sum !== value) read.report(row, 'total', `the total of ${sex} in ${year} is ${value}, its ages sum to ${sum}`, sum - value)
  }
  if (pyramids.length === 0) findings.push({ rule: 'empty', account: raw.name, message: `${raw.name} holds no ages` })
  return { area: raw.rows[0]?.cells['area'] ?? raw.name, pyramids, findings: [...findings, ...read.findings] }
}

type Sex = 'female' | 'male'
interface Group {
  readonly from: number
  readonly to: number
  readonly value: number
}

const sexes: Readonly<Record<string, Sex>> = { female: 'female', male: 'male', 女性: 'female', 男性: 'male' }

function groupOf(age: string): Omit<Group, 'value'> | undefined {
  const match = /^(\d{1,3})(?:(?:-|~|～)(\d{1,3})|(\+|歳以上))?歳?$/.exec(age)
  if (match === null) return undefined
  const from = Number(match[1])
  const to = match[2] === undefined ? (match[3] === undefined ? from : Number.POSITIVE_INFINITY) : Number(match[2])
  return to >= from ? { from, to } : undefined
}

function pyramidOf(year: number, groups: Record<Sex, Map<number, Group>>, findings: Finding[]): YearPyramid {
  const sorted = (sex: Sex): Group[] => [...groups[sex].values()].toSorted((one, other) => one.from - other.from)
  const women = sorted('female')
  const men = sorted('male')
  for (const [sex, list] of [
    ['female', women],
    ['male', men],
  ] as const) {
    const gap = list.findIndex((group, i) => group.from !== (i === 0 ? 0 : list[i - 1]!.to + 1))
    if (gap >= 0) {
      findings.push({ rule: 'age', row: `${year}`, message: `${year}, ${sex}: the ages before ${list[gap]!.from} are missing or stand twice` })
    }
    if (list.length === 0) findings.push({ rule: 'sex', row: `${year}`, message: `${year} has no ages of ${sex}` })
  }
  if (women.length > 0 && men.length > 0 && women.map(({ from }) => from).join() !== men.map(({ from }) => from).join()) {
    findings.push({ rule: 'age', row: `${year}`, message: `${year}: women and men have different age groups` })
  }
  return { year, ages: women.map(({ from }) => from), female: women.map(({ value }) => value), male: men.map(({ value }) => value) }
}
