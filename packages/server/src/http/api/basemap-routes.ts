import { NgsiLdError } from '@cityloop/ngsi-ld'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Config } from '#config/config.ts'
import { streetsDirectory } from '#streets/ask-streets.ts'
import { importedFiles, osmAttribution } from '#streets/import-extract.ts'

const waitMs = 30_000
const lookEveryMs = 100

/**
 * What lies under the points of the map: what the configuration names, else the base map in the data directory, served by ranges. That of a made-up city is being
 * made while its first page shows, so who asks for the file waits for it.
 */
export function basemapRoutes(app: FastifyInstance, config: Config, isSynthetic: boolean): void {
  const file = join(streetsDirectory(config.dataDirectory), importedFiles.baseMap)

  app.get('/api/basemap', async () => {
    const url = config.basemap
    if (url !== undefined) {
      const style = /\.pmtiles($|\?)/.test(url) ? 'pmtiles' : /\.(png|jpe?g|webp)($|\?)/.test(url) ? 'raster' : 'mvt'
      return { style, url, attribution: '', hasStreets: true }
    }
    if (isSynthetic) return { style: 'pmtiles', url: '/api/basemap/demo.pmtiles', attribution: 'Port Selva (synthetic)', hasStreets: true }
    if ((await sizeOf(file)) === undefined) return { style: 'builtin', hasStreets: false }
    return { style: 'pmtiles', url: '/api/basemap/city.pmtiles', attribution: osmAttribution, hasStreets: true }
  })

  for (const name of ['demo', 'city']) app.get(`/api/basemap/${name}.pmtiles`, (request, reply) => send(request, reply))

  async function send(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    let bytes = await sizeOf(file)
    for (let waitedMs = 0; bytes === undefined && isSynthetic && waitedMs < waitMs; waitedMs += lookEveryMs) {
      await pause(lookEveryMs)
      bytes = await sizeOf(file)
    }
    if (bytes === undefined) throw new NgsiLdError('ResourceNotFound', 'This city has no base map')
    void reply.header('accept-ranges', 'bytes').header('cache-control', 'no-cache').type('application/vnd.pmtiles')
    const range = parseRange(request.headers.range, bytes)
    if (range === 'whole') return reply.header('content-length', bytes).send(createReadStream(file))
    if (range === 'unsatisfiable') return reply.code(416).header('content-range', `bytes */${bytes}`).send()
    const { first, last } = range
    void reply
      .code(206)
      .header('content-range', `bytes ${first}-${last}/${bytes}`)
      .header('content-length', last - first + 1)
    return reply.send(createReadStream(file, { start: first, end: last }))
  }
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size
  } catch {
    return undefined
  }
}

/** One range of bytes (RFC 9110, 14.1.2); of several, and of other units, nothing is made, so the whole is sent. */
export function parseRange(header: string | undefined, bytes: number): { readonly first: number; readonly last: number } | 'whole' | 'unsatisfiable' {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (match === null || (match[1] === '' && match[2] === '')) return 'whole'
  if (match[1] === '') {
    const count = Number(match[2])
    return count === 0 ? 'unsatisfiable' : { first: Math.max(0, bytes - count), last: bytes - 1 }
  }
  const first = Number(match[1])
  const last = match[2] === '' ? bytes - 1 : Math.min(Number(match[2]), bytes - 1)
  if (first >= bytes) return 'unsatisfiable'
  return last < first ? 'whole' : { first, last }
}
