import { cohortRatios, projectByRatios, type Pyramid, Refusal, withOpenGroup } from '@cityloop/economy'
import { readPopulationUpload, type YearPyramid } from '../tables/population-upload.ts'
import { type Answer, type Asked, limited, onlyFile, textOption, UsageError, wholeOption } from './answer.ts'
import { readTable } from './read-input.ts'

/** Women who may be mothers: ages 15 to 49. */
const motherAges = [15, 49] as const

/**
 * `project`: two pyramids of a file (`--from`, `--base`) one group width apart give cohort ratios, which carry the later one on to `--until`. Years that
 * the file holds beyond are shown beside.
 */
export async function projectCommand(asked: Asked): Promise<Answer> {
  const read = readPopulationUpload(await readTable(onlyFile(asked, 'a table of residents by age')))
  if (read.findings.length > 0) throw new Refusal(read.findings)
  const years = read.pyramids.map(({ year }) => year)
  const base = wholeOption(asked, 'base', years.at(-1) ?? 0, 1800, 2300)
  const width = read.pyramids.find(({ year }) => year === base)?.ages[1] ?? 1
  const from = wholeOption(asked, 'from', base - width, 1800, 2300)
  const until = wholeOption(asked, 'until', base + 6 * width, base, 2300)
  if (base - from !== width) throw new UsageError(`age groups are ${width} years wide, so --from must be ${base - width}, not ${from}`)
  const open = Math.min(...[from, base].map((year) => pyramidOf(read.pyramids, year).ages.length - 1))
  const pooled = (year: number): Pyramid => poolOf(pyramidOf(read.pyramids, year), open)
  const mothers = [Math.ceil(motherAges[0] / width), Math.floor(motherAges[1] / width)] as const
  const ratios = cohortRatios(pooled(from), pooled(base), mothers)
  const steps: { year: number; pyramid: Pyramid; seen?: Pyramid }[] = []
  let pyramid = pooled(base)
  for (let year = base + width; year <= until; year += width) {
    pyramid = projectByRatios(pyramid, ratios, mothers)
    const seen = read.pyramids.find((one) => one.year === year && one.ages.length > open)
    steps.push({ year, pyramid, seen: seen && poolOf(seen, open) })
  }
  const ages = pyramidOf(read.pyramids, base).ages.slice(0, open + 1)
  const label = (group: number): string =>
    group === open ? `${ages[group]}+` : width === 1 ? `${ages[group]}` : `${ages[group]}-${ages[group]! + width - 1}`
  return limited(asked, 'projection', {
    lines: [
      `${textOption(asked, 'name') ?? read.area}: ratios of ${from} to ${base}, groups of ${width} years, open at ${ages[open]}`,
      ...steps.map(({ year, pyramid: projected, seen }) => lineOf(year, projected, seen, ages)),
    ],
    data: { method: 'cohort ratios (Hamilton and Perry 1962)', from, base, ages, ratios, steps },
    rows: [
      ['year', 'sex', 'age', 'persons'],
      ...steps.flatMap(({ year, pyramid: projected }) =>
        (['female', 'male'] as const).flatMap((sex) => ages.map((_, group) => [year, sex, label(group), projected[sex][group]!])),
      ),
    ],
  })
}

function lineOf(year: number, pyramid: Pyramid, seen: Pyramid | undefined, ages: readonly number[]): string {
  const total = totalOf(pyramid)
  const older =
    totalOf(
      pyramid,
      ages.findIndex((age) => age >= 65),
    ) / total
  const beside = seen === undefined ? '' : `, seen ${totalOf(seen).toFixed(0)} (${(100 * (total / totalOf(seen) - 1)).toFixed(2)} %)`
  return `  ${year}  ${total.toFixed(0).padStart(12)} people, ${(100 * older).toFixed(1)} % of 65 and over${beside}`
}

function totalOf(pyramid: Pyramid, from = 0): number {
  return [...Array.from(pyramid.female).slice(from), ...Array.from(pyramid.male).slice(from)].reduce((sum, persons) => sum + persons, 0)
}

function poolOf(pyramid: YearPyramid, open: number): Pyramid {
  return { female: withOpenGroup(pyramid.female, open), male: withOpenGroup(pyramid.male, open) }
}

function pyramidOf(pyramids: readonly YearPyramid[], year: number): YearPyramid {
  const found = pyramids.find((pyramid) => pyramid.year === year)
  if (found !== undefined) return found
  throw new UsageError(`the file has no ages of ${year}; it has ${pyramids.map((pyramid) => pyramid.year).join(', ')}`)
}
