import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { parseInstant } from '@cityloop/ngsi-ld'
import { parseConfig } from '#config/config.ts'
import { expandTerm } from '#connectors/expand-term.ts'
import { ImportRefusal } from '#connectors/import-refusal.ts'
import { replay } from '#connectors/replay/replay.ts'
import { wallClock } from '#runtime/clock.ts'
import { refuseSynthetic } from '#democity/synthetic.ts'
import type { Io } from './io.ts'
import { openImportTarget } from './open-import-target.ts'
import { openReplaySource } from './open-replay-source.ts'
import { reachCity } from './reach-city.ts'

const usage = `Usage: cityloop replay --from TIME --to TIME --tenant T [--speed N] [--of TENANT] [--types A,B] [--json]

Plays the history of a tenant into another one as if it were live.

  --from, --to   the span of history: date-times such as 2019-10-01T00:00:00Z, the end not included
  --tenant T     the tenant that it is played into
  --speed N      how many seconds of history pass in one second (1)
  --of TENANT    the tenant whose history it is, unless the default one
  --types A,B    only entities of these types
`

/** `cityloop replay`: history as if live. Ends when the span is played, or at an interrupt. */
export async function replayCommand(args: readonly string[], io: Io): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean' },
      json: { type: 'boolean' },
      from: { type: 'string' },
      to: { type: 'string' },
      tenant: { type: 'string' },
      speed: { type: 'string' },
      of: { type: 'string' },
      types: { type: 'string' },
    },
  })
  if (values.help === true) {
    io.stdout(usage)
    return 0
  }
  const { from, to, tenant, speed = '1', of = '', types } = values
  if (from === undefined || to === undefined || tenant === undefined) {
    io.stderr(`There is no --${from === undefined ? 'from' : to === undefined ? 'to' : 'tenant'}\n\n${usage}`)
    return 2
  }
  refuseSynthetic(parseConfig(io.env).dataDirectory, 'replay')
  const span = { from: parseInstant(from, '--from'), until: parseInstant(to, '--to') }
  const reached = await reachCity(parseConfig(io.env))
  const interrupt = new AbortController()
  const stop = (): void => interrupt.abort(new ImportRefusal('The replay was stopped'))
  process.once('SIGINT', stop)
  try {
    const report = await replay(
      openReplaySource(reached),
      openImportTarget(reached, 'replay'),
      { now: () => wallClock.now(), sleep: (durationUs, signal) => sleep(durationUs / 1000, undefined, { signal }) },
      { ...span, speed: Number(speed), tenant: of, target: tenant, types: (types?.split(',') ?? []).map(expandTerm), signal: interrupt.signal },
    )
    const { observations, entities, refused, lastRefusal } = report
    const refusals = refused === 0 ? '' : `; ${refused} refused, the last: ${lastRefusal ?? ''}`
    io.stdout(
      values.json === true
        ? `${JSON.stringify(report)}\n`
        : `${observations} observations of ${entities} entities were played into ${tenant}${refusals}\n`,
    )
    return 0
  } finally {
    process.off('SIGINT', stop)
    if (reached.kind === 'open') await reached.city.close()
  }
}
