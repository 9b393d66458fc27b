import { badRequest } from '@cityloop/ngsi-ld'
import type { Profile, Side } from '@cityloop/streets'
import type { IsochroneQuestion, LonLat, MatrixQuestion, RouteQuestion } from './street-service.ts'

/** Largest questions answered on the spot. */
export const questionLimits = { routePoints: 100, matrixCells: 250_000, isochrones: 5, isochroneS: 7200 } as const

const profileKeys = ['profile', 'weightKg', 'heightM', 'widthM', 'uTurnS'] as const

/**
 * Reads `GET /api/streets/route`: `points=lon,lat;lon,lat;...`, `side`, and the profile's keys: `profile=car|truck`, `weightKg`, `heightM`, `widthM`,
 * `uTurnS`. Throws `BadRequestData`, also for keys it does not know.
 */
export function parseRouteQuestion(query: URLSearchParams): RouteQuestion {
  refuseUnknown(query, ['points', 'side', ...profileKeys])
  const points = parsePoints(query, 'points')
  if (points.length < 2) throw badRequest('points must hold at least 2 points')
  if (points.length > questionLimits.routePoints)
    throw badRequest(`points must hold at most ${questionLimits.routePoints} points, not ${points.length}`)
  return { profile: parseProfile(query), points, side: parseSide(query) }
}

/** Reads `GET /api/streets/matrix`: `points` for all drives among them, or `sources` and `targets`. */
export function parseMatrixQuestion(query: URLSearchParams): MatrixQuestion {
  refuseUnknown(query, ['points', 'sources', 'targets', 'side', ...profileKeys])
  if (query.has('points') && (query.has('sources') || query.has('targets'))) throw badRequest('points goes without sources and targets')
  const sources = parsePoints(query, query.has('points') ? 'points' : 'sources')
  const targets = query.has('points') ? sources : parsePoints(query, 'targets')
  const cells = sources.length * targets.length
  if (cells > questionLimits.matrixCells) throw badRequest(`a matrix must hold at most ${questionLimits.matrixCells} cells, not ${cells}`)
  return { profile: parseProfile(query), sources, targets, side: parseSide(query) }
}

/** Reads `GET /api/streets/isochrone`: `point=lon,lat`, `limitsS=300,600`. */
export function parseIsochroneQuestion(query: URLSearchParams): IsochroneQuestion {
  refuseUnknown(query, ['point', 'limitsS', ...profileKeys])
  const points = parsePoints(query, 'point')
  if (points.length !== 1) throw badRequest('point must hold one point')
  const limitsS = (query.get('limitsS') ?? '').split(',').map((text) => parseNumber('limitsS', text, 1, questionLimits.isochroneS))
  if (limitsS.length > questionLimits.isochrones)
    throw badRequest(`limitsS must hold at most ${questionLimits.isochrones} times, not ${limitsS.length}`)
  return { profile: parseProfile(query), point: points[0]!, limitsS }
}

function refuseUnknown(query: URLSearchParams, known: readonly string[]): void {
  for (const key of query.keys()) {
    if (!known.includes(key)) throw badRequest(`${key} is not known here; known are ${known.join(', ')}`)
    if (query.getAll(key).length > 1) throw badRequest(`${key} is given more than once`)
  }
}

function parsePoints(query: URLSearchParams, key: string): LonLat[] {
  const text = query.get(key)
  if (text === null || text === '') throw badRequest(`${key} is missing`)
  return text.split(';').map((pair) => {
    const parts = pair.split(',')
    if (parts.length !== 2) throw badRequest(`${key} must be longitude,latitude pairs apart by ;, not ${pair}`)
    return [parseNumber(key, parts[0]!, -180, 180), parseNumber(key, parts[1]!, -90, 90)]
  })
}

function parseProfile(query: URLSearchParams): Profile {
  const kind = query.get('profile') ?? 'car'
  const optional = (key: string, most: number): number | undefined => (query.has(key) ? parseNumber(key, query.get(key)!, 0, most) : undefined)
  const uTurnS = optional('uTurnS', 3600)
  if (kind === 'truck') {
    return { kind, weightKg: optional('weightKg', 200_000), heightM: optional('heightM', 10), widthM: optional('widthM', 10), uTurnS }
  }
  if (kind !== 'car') throw badRequest(`profile must be car or truck, not ${kind}`)
  for (const key of ['weightKg', 'heightM', 'widthM']) if (query.has(key)) throw badRequest(`${key} is a truck's, and profile is car`)
  return { kind, uTurnS }
}

function parseSide(query: URLSearchParams): Side {
  const side = query.get('side') ?? 'any'
  if (side !== 'left' && side !== 'right' && side !== 'any') throw badRequest(`side must be left, right or any, not ${side}`)
  return side
}

function parseNumber(key: string, text: string, least: number, most: number): number {
  const value = text.trim() === '' ? NaN : Number(text)
  if (!(value >= least && value <= most)) throw badRequest(`${key} must be a number from ${least} to ${most}, not ${text === '' ? 'empty' : text}`)
  return value
}
