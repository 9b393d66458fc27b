import { NgsiLdError } from '@cityloop/ngsi-ld'
import type { Json } from '@cityloop/ngsi-ld'
import { parse } from 'csv-parse/sync'
import { parseDevice } from './provisioning.ts'
import type { Device } from './provisioning.ts'

/** Columns that are taken as they are; `latitude` and `longitude` become the location, `name` the name, `service_path` the scope. */
const columns = ['device_id', 'apikey', 'entity_name', 'entity_type', 'protocol', 'transport', 'codec', 'gateway']
const further = ['latitude', 'longitude', 'name', 'service_path', 'expected_interval']
const mostRows = 20_000

/**
 * Reads a CSV table of devices with a header, at most 20,000 rows. Gives the devices, or what is wrong, row by row (the header is row 1).
 */
export function readDeviceTable(text: string, tenant: string): { readonly devices: readonly Device[]; readonly faults: readonly string[] } {
  let rows: readonly Readonly<Record<string, string>>[]
  try {
    rows = parse(text, {
      columns: (header: string[]) => header.map((name) => name.trim().toLowerCase()),
      bom: true,
      trim: true,
      skip_empty_lines: true,
    })
  } catch (error) {
    return { devices: [], faults: [error instanceof Error ? error.message : String(error)] }
  }
  const unknown = Object.keys(rows[0] ?? {}).filter((name) => !columns.includes(name) && !further.includes(name))
  if (unknown.length > 0)
    return { devices: [], faults: [`There is no column ${unknown.join(', ')}: the columns are ${[...columns, ...further].join(', ')}`] }
  if (rows.length === 0) return { devices: [], faults: ['The table has no rows'] }
  if (rows.length > mostRows) return { devices: [], faults: [`The table has ${rows.length} rows, more than ${mostRows}`] }
  const devices: Device[] = []
  const faults: string[] = []
  const seen = new Set<string>()
  rows.forEach((row, index) => {
    try {
      const device = parseDevice(documentOf(row), tenant, row['service_path']?.startsWith('/') === true ? row['service_path'] : '/')
      if (seen.has(device.deviceId)) throw new NgsiLdError('BadRequestData', `${device.deviceId} is there twice`)
      seen.add(device.deviceId)
      devices.push(device)
    } catch (error) {
      if (!(error instanceof NgsiLdError)) throw error
      faults.push(`row ${index + 2}: ${error.message}`)
    }
  })
  return { devices: faults.length > 0 ? [] : devices, faults }
}

function documentOf(row: Readonly<Record<string, string>>): Json {
  const given = columns.flatMap((name) => (row[name] === undefined || row[name] === '' ? [] : [[name, row[name]] as const]))
  const { expected_interval: interval = '', latitude = '', longitude = '', name = '' } = row
  const place = numbers(latitude, longitude)
  return {
    ...Object.fromEntries(given),
    ...(interval === '' ? {} : { expected_interval: positive(interval) }),
    static_attributes: [
      ...(place === undefined ? [] : [{ name: 'location', type: 'geo:json', value: { type: 'Point', coordinates: place } }]),
      ...(name === '' ? [] : [{ name: 'name', type: 'Text', value: name }]),
    ],
  }
}

function numbers(latitude: string, longitude: string): [number, number] | undefined {
  if (latitude === '' && longitude === '') return undefined
  const [lat, lon] = [Number(latitude), Number(longitude)]
  if (latitude === '' || longitude === '' || !(Math.abs(lat) <= 90) || !(Math.abs(lon) <= 180))
    throw new NgsiLdError('BadRequestData', `latitude and longitude must be degrees, not ${latitude} and ${longitude}`)
  return [lon, lat]
}

function positive(text: string): number {
  const value = Number(text)
  if (!(value > 0)) throw new NgsiLdError('BadRequestData', `expected_interval must be seconds above 0, not ${text}`)
  return value
}
