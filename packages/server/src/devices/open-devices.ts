import type { Contexts } from '#broker/contexts.ts'
import type { WriteDeps } from '#broker/write-entities.ts'
import type { Changes } from '#bus/changes.ts'
import type { Log } from '#runtime/log.ts'
import type { OwnRows } from '#store/rows.ts'
import { openCommands } from './commands.ts'
import type { Commands } from './commands.ts'
import { createExpressions } from './expressions.ts'
import { openHealth } from './health/open-health.ts'
import type { Health } from './health/open-health.ts'
import { openCodecSandbox } from './lorawan/codec-sandbox.ts'
import { openCodecs } from './lorawan/codecs.ts'
import type { Codecs } from './lorawan/codecs.ts'
import { createTrial } from './lorawan/try-codec.ts'
import type { TryCodec } from './lorawan/try-codec.ts'
import { createQuarantine } from './quarantine.ts'
import type { Quarantine, Replayed } from './quarantine.ts'
import { Untakeable } from './read-payload.ts'
import { openRegistry } from './registry.ts'
import type { Registry } from './registry.ts'
import { observe, takeMeasure } from './take-measure.ts'
import type { Message, Taken } from './take-measure.ts'

/** The devices of a city: who they are, what they say, and what of it could not be taken. */
export type Devices = {
  readonly codecs: Codecs
  readonly commands: Commands
  readonly health: Health
  readonly registry: Registry
  readonly quarantine: Quarantine
  take(message: Message): Promise<Taken>
  /** What a codec makes of bytes, and the entity that becomes of it; nothing is written. */
  readonly tryCodec: TryCodec
  /** Tries quarantined messages again; those that pass leave. */
  replay(tenant: string, keys: readonly string[] | 'all'): Promise<Replayed>
  close(): Promise<void>
}

export type DeviceDeps = WriteDeps & {
  readonly changes: Changes
  readonly contexts: Contexts
  readonly lastSequence: () => number
  readonly log: Log
  readonly rows: OwnRows
}

/** Opens the devices on the city's own rows. */
export async function openDevices(given: DeviceDeps): Promise<Devices> {
  const registry = await openRegistry(given.rows)
  const quarantine = createQuarantine(given.rows)
  const codecs = await openCodecs(given.rows, openCodecSandbox())
  const context = given.contexts.cityloop
  const health = await openHealth({ ...given, context, registry })
  const deps = { ...given, codecs, registry, quarantine, context, evaluate: createExpressions(), heard: health.heard }
  const commands = await openCommands(deps)
  return {
    codecs,
    commands,
    health,
    tryCodec: createTrial(deps),
    registry,
    quarantine,
    take: (message) => takeMeasure(deps, message),
    replay: (tenant, keys) =>
      quarantine.replay(
        tenant,
        keys,
        (message) => observe(deps, message),
        (error) => error instanceof Untakeable,
      ),
    async close() {
      await health.close()
      await commands.close()
      await codecs.close()
    },
  }
}
