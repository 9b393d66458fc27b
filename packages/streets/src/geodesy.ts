/** Degrees in the stored whole-number form: 1e-7 degree, about a centimetre. */
export const unitsPerDegree = 1e7
const earthRadiusM = 6_371_008.8
const radians = Math.PI / 180
/** Metres in one degree of latitude on the sphere of mean radius. */
export const metresPerDegree = earthRadiusM * radians

/** Great-circle distance in metres (haversine on the mean sphere). Arguments in degrees. */
export function distanceM(lon1: number, lat1: number, lon2: number, lat2: number): number {
  const half = Math.sin(((lat2 - lat1) * radians) / 2)
  const turn = Math.sin(((lon2 - lon1) * radians) / 2)
  const a = half * half + Math.cos(lat1 * radians) * Math.cos(lat2 * radians) * turn * turn
  return 2 * earthRadiusM * Math.asin(Math.min(1, Math.sqrt(a)))
}

/** Where the foot of the perpendicular from (px, py) on the piece (ax, ay)-(bx, by) lies, as a share of the piece from 0 to 1. */
export function footShare(px: number, py: number, ax: number, ay: number, bx: number, by: number): number {
  const [dx, dy] = [bx - ax, by - ay]
  const square = dx * dx + dy * dy
  return square === 0 ? 0 : Math.min(1, Math.max(0, ((px - ax) * dx + (py - ay) * dy) / square))
}
