import { maskedConfig, parseConfig } from '#config/config.ts'
import { runCity } from '#main/run-city.ts'
import { createLog } from '#runtime/log.ts'
import type { Io } from './io.ts'

/** `cityloop serve`: runs until it is told to end; resolves with the exit code. */
export async function serveCommand(args: readonly string[], io: Io): Promise<number> {
  if (args.includes('--help')) {
    io.stdout(
      'Usage: cityloop serve\n\nRuns the city in CITYLOOP_DATA (./data) on CITYLOOP_HOST:CITYLOOP_PORT (127.0.0.1:1026). docs/operations.md lists every setting.\n',
    )
    return 0
  }
  const config = parseConfig(io.env)
  const log = createLog(io.stderr)
  log.info('configuration', maskedConfig(config))
  if (config.isOpen && config.adminToken === undefined) log.warn('open_to_everyone', { host: config.host })
  let end: (code: number) => void = () => undefined
  const ended = new Promise<number>((resolve) => (end = resolve))
  const city = await runCity(config, {
    log,
    store: {
      onFailed(reason) {
        log.error('store_failed', { reason })
        setTimeout(() => end(1), 200)
      },
    },
  })
  io.stdout(`Cityloop runs at ${city.url}\n`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end(0))
  const code = await ended
  await city.close()
  return code
}
