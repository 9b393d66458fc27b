/** The city's services in the order their layers are listed. */
export const services = ['environment', 'traffic', 'parking', 'energy', 'weather', 'waste', 'devices', 'other'] as const

/** A service that layers belong to. */
export type Service = (typeof services)[number]

const typesOf: Readonly<Record<Exclude<Service, 'other'>, readonly string[]>> = {
  environment: ['AirQualityObserved', 'EnvironmentObserved', 'FlowerBed', 'GreenspaceRecord', 'NoiseLevelObserved', 'WaterQualityObserved'],
  traffic: ['BikeHireDockingStation', 'CrowdFlowObserved', 'ItemFlowObserved', 'Road', 'RoadSegment', 'TrafficFlowObserved', 'Vehicle'],
  parking: ['OffStreetParking', 'OnStreetParking', 'ParkingGroup', 'ParkingSpot'],
  energy: ['ACMeasurement', 'SmartMeteringObservation', 'Streetlight', 'StreetlightGroup'],
  weather: ['WaterConsumptionObserved', 'WaterObserved', 'WeatherAlert', 'WeatherForecast', 'WeatherObserved'],
  waste: ['WasteContainer', 'WasteContainerIsle'],
  devices: ['Alert', 'Device'],
}
const serviceOfType: ReadonlyMap<string, Service> = new Map(
  Object.entries(typesOf).flatMap(([service, types]) => types.map((type) => [type, service as Service] as const)),
)

/** The service of an entity type of Smart Data Models, by its short name; `other` for any type that is not known here. */
export function serviceOf(type: string): Service {
  return serviceOfType.get(type) ?? 'other'
}

/** The items by service, in the services' order and within each in their own; services without items are left out. */
export function groupByService<Item extends { readonly type: string }>(
  items: readonly Item[],
): readonly { readonly service: Service; readonly items: readonly Item[] }[] {
  const groups = Map.groupBy(items, ({ type }) => serviceOf(type))
  return services.flatMap((service) => {
    const own = groups.get(service)
    return own === undefined ? [] : [{ service, items: own }]
  })
}
