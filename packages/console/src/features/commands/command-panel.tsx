import { Button } from '@mantine/core'
import { IconRouter } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { typeOf } from '../../api/entity.ts'
import type { EntityDocument } from '../../api/entity.ts'
import { useNow } from '../../format/use-now.ts'
import { useTexts } from '../../i18n/use-texts.ts'
import { CommandRow } from './command-row.tsx'
import { lastCommandOf } from './command.ts'
import { useCommands } from './use-commands.ts'
import classes from './commands.module.css'

type CommandPanelProps = {
  readonly tenant: string | null
  readonly entity: EntityDocument
  /** Opens the device's own page; null on that page. */
  readonly onShowDevice: ((deviceId: string) => void) | null
}

/** The device behind an entity: the way to its page, what it can be told, and how the last command stands. Nothing where there is none. */
export function CommandPanel({ tenant, entity, onShowDevice }: CommandPanelProps): ReactNode {
  const { t } = useTexts()
  const now = useNow(1_000)
  const device = useCommands(tenant, entity.id, typeOf(entity))
  if (device === null) return null
  const { commands, deviceId } = device
  return (
    <>
      {onShowDevice !== null && (
        <div>
          <Button size="compact-sm" variant="default" leftSection={<IconRouter size={15} />} onClick={() => onShowDevice(deviceId)}>
            {t('commands.device', { name: deviceId })}
          </Button>
        </div>
      )}
      {commands.length > 0 && (
        <section className={classes.panel} aria-labelledby="commands-title">
          <h3 id="commands-title" className={classes.title}>
            {t('commands.title')}
          </h3>
          {commands.map((name) => (
            <CommandRow key={name} tenant={tenant} entityId={entity.id} name={name} last={lastCommandOf(entity, name)} now={now} />
          ))}
        </section>
      )}
    </>
  )
}
