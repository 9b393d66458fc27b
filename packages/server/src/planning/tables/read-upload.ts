import { type Finding, Refusal } from '@cityloop/economy'
import { readCommutingUpload, readJobsUpload, readSettlementUpload } from './account-uploads.ts'
import { readInputOutputUpload } from './input-output-upload.ts'
import { readPopulationUpload } from './population-upload.ts'
import type { RawTable } from './read-rows.ts'
import { type UploadKind, uploadKinds, uploadTemplates } from './upload-templates.ts'

/** Which upload it is, how many lines it has and what does not add up; the sum line says what was understood. */
export interface CheckedUpload {
  readonly kind: UploadKind
  readonly lines: number
  readonly understood: string
  readonly findings: readonly Finding[]
}

/** The upload whose columns the table has; throws a `Refusal` that lists the columns of every template. */
export function uploadKindOf(raw: RawTable): UploadKind {
  const kind = uploadKinds.find((known) => uploadTemplates[known].columns.every((column) => raw.columns.includes(column)))
  if (kind !== undefined) return kind
  const lists = uploadKinds.map((known) => `${known}: ${uploadTemplates[known].columns.join(', ')}`).join('; ')
  throw new Refusal([
    { rule: 'columns', account: raw.name, message: `${raw.name} has the columns ${raw.columns.slice(0, 12).join(', ')}; templates are ${lists}` },
  ])
}

/** Reads and checks an upload of any kind. */
export function checkUpload(raw: RawTable): CheckedUpload {
  const kind = uploadKindOf(raw)
  const lines = raw.rows.length
  if (lines === 0) return { kind, lines, understood: 'nothing', findings: [{ rule: 'empty', account: raw.name, message: `${raw.name} has no rows` }] }
  switch (kind) {
    case 'input-output': {
      const { table, findings } = readInputOutputUpload(raw)
      return { kind, lines, findings, understood: `${table.sectors.length} sectors of ${table.area}, ${table.year}` }
    }
    case 'population': {
      const { area, pyramids, findings } = readPopulationUpload(raw)
      return { kind, lines, findings, understood: `${area}: ${pyramids.map(({ year, ages }) => `${year} in ${ages.length} age groups`).join(', ')}` }
    }
    case 'jobs': {
      const { area, year, jobs, findings } = readJobsUpload(raw)
      return { kind, lines, findings, understood: `${area}, ${year}: ${Object.keys(jobs).length} sectors` }
    }
    case 'commuting': {
      const { area, year, inCommuterShare, outCommuterShare, findings } = readCommutingUpload(raw)
      const shares = `${(100 * inCommuterShare).toFixed(1)} % of jobs to in-commuters, ${(100 * outCommuterShare).toFixed(1)} % of workers commute out`
      return { kind, lines, findings, understood: `${area}, ${year}: ${shares}` }
    }
    case 'settlement': {
      const { area, year, unit, balance, findings } = readSettlementUpload(raw)
      return { kind, lines, findings, understood: `${area}, ${year}: revenue less expenditure ${Number(balance.toPrecision(12))} ${unit}` }
    }
  }
}
