declare module 'd3-geo-projection' {
  import type { GeoProjection } from 'd3-geo'
  import type { MultiPolygon, Polygon } from 'geojson'
  /** Projects a geometry, cutting it at the antimeridian; the answer is planar, and a Polygon where one is left. */
  export function geoProject(object: MultiPolygon, projection: GeoProjection): MultiPolygon | Polygon
}
