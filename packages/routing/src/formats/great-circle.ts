/** Travel between points of longitude and latitude, for problems that bring no matrices. */
export interface Travel {
  /** Row-major, metres and seconds. */
  readonly distances: Int32Array
  readonly durations: Int32Array
}

/** The great circle, a third longer, at 54 km/h (a car between towns): a stand-in for streets that says nothing about rivers or one-way roads. */
export function travelByGreatCircle(points: readonly (readonly [longitude: number, latitude: number])[]): Travel {
  const n = points.length
  const distances = new Int32Array(n * n)
  const durations = new Int32Array(n * n)
  const radians = Math.PI / 180
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < n; b++) {
      const [lon1, lat1] = points[a]!
      const [lon2, lat2] = points[b]!
      const half =
        Math.sin(((lat2 - lat1) * radians) / 2) ** 2 +
        Math.cos(lat1 * radians) * Math.cos(lat2 * radians) * Math.sin(((lon2 - lon1) * radians) / 2) ** 2
      const metres = 1.3 * 2 * 6_371_000 * Math.asin(Math.min(1, Math.sqrt(half)))
      distances[a * n + b] = Math.round(metres)
      durations[a * n + b] = Math.round(metres / 15)
    }
  }
  return { distances, durations }
}
