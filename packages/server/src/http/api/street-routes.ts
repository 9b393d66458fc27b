import type { FastifyInstance } from 'fastify'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '#config/config.ts'
import type { Streets } from '#streets/ask-streets.ts'
import { streetsDirectory } from '#streets/ask-streets.ts'
import { importedFiles, osmAttribution } from '#streets/import-extract.ts'

const ownBaseMap = '/api/basemap/city.pmtiles'

/** Ways, matrices and isochrones on the city's streets, and the base map that came with them or by a setting. */
export function streetRoutes(
  app: FastifyInstance,
  { config, streets }: { readonly config: Config; readonly streets: Streets },
  isSynthetic: boolean,
): void {
  const directory = streetsDirectory(config.dataDirectory)

  for (const kind of ['route', 'matrix', 'isochrone'] as const) {
    app.get(`/api/streets/${kind}`, async (request, reply) => {
      const mark = request.url.indexOf('?')
      return reply.type('application/json').send(await streets.ask(kind, mark < 0 ? '' : request.url.slice(mark + 1)))
    })
  }

  app.get('/api/basemap', async () => {
    const url = config.basemap
    if (url !== undefined) {
      const style = /\.pmtiles($|\?)/.test(url) ? 'pmtiles' : /\.(png|jpe?g|webp)($|\?)/.test(url) ? 'raster' : 'mvt'
      return { style, url, attribution: '', hasStreets: true }
    }
    if (!existsSync(join(directory, importedFiles.baseMap))) return { style: 'builtin', hasStreets: false }
    return { style: 'pmtiles', url: ownBaseMap, attribution: isSynthetic ? 'Made-up city' : osmAttribution, hasStreets: true }
  })

  app.get(ownBaseMap, (_request, reply) => reply.sendFile(importedFiles.baseMap, directory))
}
