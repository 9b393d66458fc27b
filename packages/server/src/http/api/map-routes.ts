import { expandTerm } from '@cityloop/ngsi-ld'
import type { FastifyInstance } from 'fastify'
import type { Deps } from '../deps.ts'
import type { MapChoice } from '#store/map-row.ts'
import { mapColumns } from '#store/map-row.ts'
import { readCaller, readParameters } from '../exchange.ts'
import { NgsiLdError } from '@cityloop/ngsi-ld'
import { momentParameters, readMoment } from './past-routes.ts'

/** By type, the attributes that a map shows first, in our own words; the first that an entity has counts. */
const shownFirst: Readonly<Record<string, readonly string[]>> = {
  AirQualityObserved: ['no2', 'pm25', 'pm10', 'o3', 'co', 'so2', 'no', 'airQualityIndex'],
  NoiseLevelObserved: ['LAeq', 'LAmax', 'LAS'],
  WeatherObserved: ['temperature', 'precipitation', 'relativeHumidity', 'illuminance'],
  TrafficFlowObserved: ['averageVehicleSpeed', 'intensity', 'occupancy'],
  OffStreetParking: ['availableSpotNumber', 'occupiedSpotNumber', 'totalSpotNumber'],
  OnStreetParking: ['availableSpotNumber', 'occupiedSpotNumber', 'totalSpotNumber'],
  WasteContainer: ['fillingLevel', 'temperature'],
  Streetlight: ['illuminanceLevel', 'powerConsumption'],
  ACMeasurement: ['activePower', 'totalActiveEnergyImport'],
  SmartMeteringObservation: ['energyConsumed', 'value'],
  Device: ['value', 'batteryLevel'],
}
const labels = ['name', 'alternateName', 'title', 'address']
const providers = ['dataProvider', 'source']
const licenses = ['license']
const statuses = ['status', 'deviceState', 'powerState', 'severity']

/** `GET /api/map`: a whole layer in one compact list, with the event from which `/api/live` goes on. */
export function mapRoutes(app: FastifyInstance, deps: Deps): void {
  app.get('/api/map', async (request, reply) => {
    const parameters = readParameters(request, ['type', 'attribute', ...momentParameters])
    const type = parameters.get('type')
    if (type === undefined) throw new NgsiLdError('BadRequestData', 'type must be given: it names the layer')
    const { cityloop } = deps.contexts
    const expand = (name: string): string => expandTerm(cityloop, name)
    const attribute = parameters.get('attribute')
    const values = attribute === undefined ? (shownFirst[type] ?? []) : [attribute]
    const choice: MapChoice = {
      values: values.map(expand),
      labels: labels.map(expand),
      statuses: statuses.map(expand),
      providers: providers.map(expand),
      licenses: licenses.map(expand),
    }
    const caller = readCaller(request)
    const scope = deps.access.readScope(caller, 'queryEntities')
    const name = { written: type, expanded: expand(type) }
    const sequence = deps.store.state().lastSequence
    const layer = await deps.store.mapRows(
      {
        tenant: caller.tenant,
        scope,
        query: { entities: [{ types: { kind: 'anyOf', alternatives: [[name]] } }] },
        moment: readMoment(parameters),
        offset: 0,
        limit: Number.MAX_SAFE_INTEGER,
        count: false,
      },
      choice,
    )
    const head = JSON.stringify({ type, event: deps.live.eventId(caller, sequence), columns: mapColumns, attributes: values })
    return reply.type('application/json').send(`${head.slice(0, -1)},${layer.slice(1)}`)
  })
}
