import { Autocomplete, Button } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconClockOff, IconHourglass, IconSend } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import type { FormEvent, ReactNode } from 'react'
import { formatAge } from '../../format/age.ts'
import { useTexts } from '../../i18n/use-texts.ts'
import { parseCommandValue, suggestionsFor } from './command.ts'
import type { LastCommand } from './command.ts'
import { useCommand } from './use-commands.ts'
import classes from './commands.module.css'

const icons = { PENDING: IconHourglass, DELIVERED: IconSend, OK: IconCheck, ERROR: IconAlertTriangle, EXPIRED: IconClockOff }

type CommandRowProps = {
  readonly tenant: string | null
  readonly entityId: string
  readonly name: string
  readonly last: LastCommand
  readonly now: number
}

/** One command: its value is chosen, asked about once more, then sent; the device's answer appears below. */
export function CommandRow({ tenant, entityId, name, last, now }: CommandRowProps): ReactNode {
  const { t, word, reason } = useTexts()
  const suggestions = suggestionsFor(name)
  const [text, setText] = useState('')
  const [isAsking, setIsAsking] = useState(false)
  const command = useCommand(tenant, entityId)
  const label = word(name)
  const field = useRef<HTMLInputElement>(null)
  const close = (): void => {
    setIsAsking(false)
    field.current?.focus()
  }
  const ask = (event: FormEvent): void => {
    event.preventDefault()
    if (text.trim() !== '') setIsAsking(true)
  }
  return (
    <div className={classes.row} data-command={name}>
      <form className={classes.form} onSubmit={ask}>
        <Autocomplete
          ref={field}
          size="xs"
          label={label}
          placeholder={suggestions.join(', ')}
          value={text}
          onChange={(next) => {
            setText(next)
            setIsAsking(false)
          }}
          data={[...suggestions]}
          openOnFocus={false}
        />
        <Button type="submit" size="xs" variant="default" disabled={text.trim() === '' || isAsking} leftSection={<IconSend size={14} />}>
          {t('commands.send')}
        </Button>
      </form>
      {isAsking && (
        <div className={classes.question} role="group" aria-label={t('commands.confirmTitle')}>
          <p>{t('commands.ask', { command: label, value: text.trim() })}</p>
          <Button
            size="compact-sm"
            autoFocus
            loading={command.isPending}
            onClick={() => command.mutate({ name, value: parseCommandValue(text) }, { onSettled: close })}
          >
            {t('commands.yes')}
          </Button>{' '}
          <Button size="compact-sm" variant="default" onClick={close}>
            {t('page.cancel')}
          </Button>
        </div>
      )}
      <div role="status" className={classes.status} data-status={last.status ?? ''}>
        {command.error !== null && t('commands.failed', { reason: reason(command.error) })}
        {command.error === null && last.status !== null && <StatusText last={last} now={now} />}
      </div>
    </div>
  )
}

function StatusText({ last, now }: { readonly last: LastCommand; readonly now: number }): ReactNode {
  const { t, language } = useTexts()
  if (last.status === null) return null
  const Icon = icons[last.status]
  const said = last.info === undefined ? '' : typeof last.info === 'string' ? last.info : JSON.stringify(last.info)
  return (
    <>
      <Icon size={15} aria-hidden />
      <span>
        {t(`commands.status.${last.status}`)}
        {last.value !== undefined && `: ${typeof last.value === 'string' ? last.value : JSON.stringify(last.value)}`}
        {said !== '' && <span className={classes.said}>{t('commands.said', { text: said })}</span>}
      </span>
      {last.statusMs !== null && (
        <time className={classes.when} dateTime={new Date(last.statusMs).toISOString()} aria-hidden>
          {formatAge(last.statusMs, now, language)}
        </time>
      )}
    </>
  )
}
