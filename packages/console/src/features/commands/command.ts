import { instancesOf } from '../../api/entity.ts'
import type { EntityDocument } from '../../api/entity.ts'

/** Where a command is: the agents' words. */
export type CommandStatus = 'PENDING' | 'DELIVERED' | 'OK' | 'ERROR' | 'EXPIRED'

const statuses: ReadonlySet<unknown> = new Set<CommandStatus>(['PENDING', 'DELIVERED', 'OK', 'ERROR', 'EXPIRED'])

/** The last command of one name: what was asked, how it stands, what the device said. */
export type LastCommand = {
  readonly value: unknown
  readonly status: CommandStatus | null
  readonly info: unknown
  readonly statusMs: number | null
}

/** Reads the last command from the entity it was given to. */
export function lastCommandOf(entity: EntityDocument, name: string): LastCommand {
  const status = instancesOf(entity[`${name}_status`])[0]
  const word = status?.value
  const statusMs = Date.parse(status?.observedAt ?? '')
  return {
    value: instancesOf(entity[name])[0]?.value,
    status: statuses.has(word) ? (word as CommandStatus) : null,
    info: instancesOf(entity[`${name}_info`])[0]?.value,
    statusMs: Number.isNaN(statusMs) ? null : statusMs,
  }
}

/** What a written value means: JSON where it is a number, a truth value or a structure, else text. */
export function parseCommandValue(text: string): unknown {
  const written = text.trim()
  if (!/^(?:-?\d|[{[]|true$|false$)/.test(written)) return written
  try {
    return JSON.parse(written) as unknown
  } catch {
    return written
  }
}

/** Values that are offered for a command, beside free text; by the usual names of street lights, valves and signs. */
export function suggestionsFor(name: string): readonly string[] {
  const key = name.toLowerCase()
  if (/dim|level|brightness|intensity/.test(key)) return ['0', '25', '50', '75', '100']
  if (/switch|power|state|light|lamp/.test(key)) return ['on', 'off']
  if (/open|valve|gate|barrier/.test(key)) return ['open', 'close']
  return []
}
