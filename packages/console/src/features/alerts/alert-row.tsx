import { Button, Textarea } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import type { FormEvent, ReactNode } from 'react'
import { formatAge } from '../../format/age.ts'
import { formatInstant } from '../../format/civil-time.ts'
import { formatNumber } from '../../format/numbers.ts'
import { useTexts } from '../../i18n/use-texts.ts'
import type { Alert } from './alert.ts'
import { SeverityMark } from './severity-mark.tsx'
import { useAcknowledge } from './use-alerts.ts'
import classes from './alerts.module.css'

type AlertRowProps = {
  readonly tenant: string | null
  readonly alert: Alert
  readonly source: string
  readonly now: number
  readonly timeZone: string
  readonly mayAcknowledge: boolean
  readonly isSelected: boolean
  readonly onSelect: () => void
}

/** One alert: how grave, what, where, since when; it selects its entity, and can be acknowledged with a note. */
export function AlertRow(props: AlertRowProps): ReactNode {
  const { t, language, word } = useTexts()
  const { alert, now } = props
  const [isAsking, setIsAsking] = useState(false)
  const issued = alert.issuedMs
  const row = useRef<HTMLButtonElement>(null)
  const close = (): void => {
    setIsAsking(false)
    row.current?.focus()
  }
  return (
    <li className={classes.row} data-alert={alert.id} data-severity={alert.severity} data-state={alert.state} data-selected={props.isSelected}>
      <button
        ref={row}
        type="button"
        className={classes.rowButton}
        aria-current={props.isSelected}
        onClick={props.onSelect}
        disabled={alert.sourceId === ''}
      >
        <span className={classes.severity}>
          <SeverityMark severity={alert.severity} />
          <span className="srOnly">{t(`alerts.severity.${alert.severity}`)}: </span>
        </span>
        <span className={classes.what}>
          <strong>{alert.title}</strong>
          <span className={classes.where}>{props.source}</span>
          <span className={classes.why} title={alert.description}>
            {alert.measured === null ? alert.description : `${word(alert.measured.attribute)}: ${valueOf(alert.measured, language)}`}
          </span>
          <span className={classes.when}>
            {t(`alerts.severity.${alert.severity}`)}
            {issued !== null && (
              <time dateTime={new Date(issued).toISOString()} title={formatInstant(issued, language, props.timeZone, true)}>
                {' · '}
                {formatAge(issued, now, language)}
              </time>
            )}
          </span>
        </span>
      </button>
      {alert.state === 'acknowledged' && (
        <p className={classes.taken}>
          <IconCheck size={14} aria-hidden />
          {t('alerts.acknowledgedBy', {
            who: alert.acknowledgedBy.split(':').at(-1) ?? '',
            age: alert.acknowledgedMs === null ? '' : formatAge(alert.acknowledgedMs, now, language),
          })}
          {alert.note !== '' && <q className={classes.quote}>{alert.note}</q>}
        </p>
      )}
      {props.mayAcknowledge && !isAsking && (
        <Button
          size="compact-xs"
          variant="default"
          className={classes.acknowledge}
          aria-label={t('alerts.acknowledgeOne', { alert: alert.title, source: props.source })}
          onClick={() => setIsAsking(true)}
        >
          {t('alerts.acknowledge')}
        </Button>
      )}
      {props.mayAcknowledge && isAsking && <AcknowledgeForm tenant={props.tenant} id={alert.id} onClose={close} />}
    </li>
  )
}

function AcknowledgeForm({ tenant, id, onClose }: { readonly tenant: string | null; readonly id: string; readonly onClose: () => void }): ReactNode {
  const { t, reason } = useTexts()
  const [note, setNote] = useState('')
  const field = useRef<HTMLTextAreaElement>(null)
  const acknowledge = useAcknowledge(tenant)
  useEffect(() => {
    field.current?.focus()
    return () => {
      // An acknowledged row goes to another group, and the focus with it: the panel keeps it.
      if (document.activeElement === document.body) document.getElementById('alerts')?.focus()
    }
  }, [])
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    acknowledge.mutate({ id, note: note.trim() })
  }
  return (
    <form
      className={classes.form}
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose()
      }}
    >
      <Textarea
        ref={field}
        size="xs"
        rows={2}
        maxLength={500}
        label={t('alerts.note')}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        error={acknowledge.error === null ? null : t('alerts.notAcknowledged', { reason: reason(acknowledge.error) })}
      />
      <div className={classes.formActions}>
        <Button type="submit" size="compact-sm" loading={acknowledge.isPending}>
          {t('alerts.confirm')}
        </Button>
        <Button size="compact-sm" variant="default" onClick={onClose}>
          {t('page.cancel')}
        </Button>
      </div>
    </form>
  )
}

function valueOf({ value }: NonNullable<Alert['measured']>, language: string): string {
  return typeof value === 'number' ? formatNumber(value, language) : value
}
