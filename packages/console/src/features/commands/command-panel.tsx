import type { ReactNode } from 'react'
import { typeOf } from '../../api/entity.ts'
import type { EntityDocument } from '../../api/entity.ts'
import { useNow } from '../../format/use-now.ts'
import { useTexts } from '../../i18n/use-texts.ts'
import { CommandRow } from './command-row.tsx'
import { lastCommandOf } from './command.ts'
import { useCommands } from './use-commands.ts'
import classes from './commands.module.css'

/** What the device behind an entity can be told, and how the last command stands. Nothing where it takes none. */
export function CommandPanel({ tenant, entity }: { readonly tenant: string | null; readonly entity: EntityDocument }): ReactNode {
  const { t } = useTexts()
  const now = useNow(1_000)
  const commands = useCommands(tenant, entity.id, typeOf(entity))
  if (commands.length === 0) return null
  return (
    <section className={classes.panel} aria-labelledby="commands-title">
      <h3 id="commands-title" className={classes.title}>
        {t('commands.title')}
      </h3>
      {commands.map((name) => (
        <CommandRow key={name} tenant={tenant} entityId={entity.id} name={name} last={lastCommandOf(entity, name)} now={now} />
      ))}
    </section>
  )
}
