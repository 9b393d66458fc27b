import { emptyDevice, parseDeviceDraft } from './provisioning.ts'
import type { Device, DeviceDraft, DeviceFault } from './provisioning.ts'

/** Column headings of a device list, the agents' words where they have one, and the field each fills. */
export const csvColumns = {
  device_id: 'deviceId',
  apikey: 'apiKey',
  entity_type: 'entityType',
  entity_name: 'entityName',
  protocol: 'protocol',
  transport: 'transport',
  name: 'name',
  latitude: 'latitude',
  longitude: 'longitude',
  attributes: 'attributes',
  commands: 'commands',
} as const satisfies Record<string, keyof DeviceDraft>

/** One line of a list that cannot be taken: its number in the file and what is wrong. */
export type CsvFault = { readonly line: number; readonly faults: readonly DeviceFault[] }

/** What a list holds: devices, lines with faults, and headings that nobody knows. */
export type DeviceList = {
  readonly devices: readonly Device[]
  readonly faults: readonly CsvFault[]
  readonly unknownColumns: readonly string[]
  readonly missingColumns: readonly string[]
}

/** Reads a CSV list of devices (RFC 4180; comma, semicolon or tab). What a line leaves out, `defaults` fill in. */
export function parseDeviceList(text: string, defaults: Partial<DeviceDraft>): DeviceList {
  const rows = parseCsv(text)
  const headings = (rows[0]?.cells ?? []).map((heading) => heading.trim().toLowerCase())
  const fields = headings.map((heading) => (Object.hasOwn(csvColumns, heading) ? csvColumns[heading as keyof typeof csvColumns] : null))
  const unknownColumns = headings.filter((heading, at) => heading !== '' && fields[at] === null)
  const missingColumns = headings.includes('device_id') ? [] : ['device_id']
  const devices: Device[] = []
  const faults: CsvFault[] = []
  if (missingColumns.length > 0) return { devices, faults, unknownColumns, missingColumns }
  for (const { line, cells } of rows.slice(1)) {
    const draft: Record<keyof DeviceDraft, string> = { ...emptyDevice, ...defaults }
    for (const [at, field] of fields.entries()) {
      const cell = cells[at]?.trim() ?? ''
      if (field !== null && cell !== '') draft[field] = cell
    }
    const parsed = parseDeviceDraft(draft)
    if ('device' in parsed) devices.push(parsed.device)
    else faults.push({ line, faults: parsed.faults })
  }
  return { devices, faults, unknownColumns, missingColumns }
}

/** Cells of a CSV text by row, empty rows left out, with the line each row begins at. The separator is the one the first line has most of. */
export function parseCsv(text: string): readonly { readonly line: number; readonly cells: readonly string[] }[] {
  const source = text.replace(/^\uFEFF/, '')
  const first = source.split(/\r?\n/, 1)[0] ?? ''
  const separator = [',', ';', '\t'].toSorted((a, b) => first.split(b).length - first.split(a).length)[0] ?? ','
  const rows: { line: number; cells: string[] }[] = []
  let line = 1
  let row: { line: number; cells: string[] } = { line, cells: [] }
  let cell = ''
  let isQuoted = false
  const endCell = (): void => {
    row.cells.push(cell)
    cell = ''
  }
  const endRow = (): void => {
    endCell()
    if (row.cells.some((each) => each.trim() !== '')) rows.push(row)
  }
  for (let at = 0; at < source.length; at++) {
    const character = source[at]
    if (character === '\n') line += 1
    if (isQuoted) {
      if (character === '"' && source[at + 1] === '"') {
        cell += '"'
        at += 1
      } else if (character === '"') isQuoted = false
      else cell += character
    } else if (character === '"' && cell === '') isQuoted = true
    else if (character === separator) endCell()
    else if (character === '\n') {
      endRow()
      row = { line, cells: [] }
    } else if (character !== '\r') cell += character
  }
  endRow()
  return rows
}
