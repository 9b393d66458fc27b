import { ActionIcon, Button } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { shortId } from '../../api/entity.ts'
import { useNow } from '../../format/use-now.ts'
import { useTexts } from '../../i18n/use-texts.ts'
import type { Alert } from './alert.ts'
import { AlertRow } from './alert-row.tsx'
import { useSources } from './use-alerts.ts'
import type { StandingAlerts } from './use-alerts.ts'
import classes from './alerts.module.css'

const shownAtFirst = 60

type AlertsPanelProps = {
  readonly tenant: string | null
  readonly standing: StandingAlerts
  readonly timeZone: string
  /** Only what is so now can be acknowledged. */
  readonly isLive: boolean
  readonly selectedId: string | null
  readonly onSelect: (alert: Alert, type: string) => void
  readonly onClose: (() => void) | null
}

/** What needs attention, most urgent first, and below it what somebody has taken on. */
export function AlertsPanel(props: AlertsPanelProps): ReactNode {
  const { t, language, reason } = useTexts()
  const [most, setMost] = useState(shownAtFirst)
  const now = useNow(5_000)
  const { alerts, isCut, isPending, error } = props.standing
  const shown = alerts.slice(0, most)
  const sources = useSources(props.tenant, shown, language)
  const sections = [
    { name: t('alerts.waiting'), state: 'active', empty: t('alerts.none') },
    { name: t('alerts.taken'), state: 'acknowledged', empty: null },
  ] as const
  return (
    <section className={classes.panel} aria-labelledby="alerts-title" id="alerts" tabIndex={-1}>
      <header className={classes.header}>
        <h2 id="alerts-title" className={classes.title}>
          {t('alerts.title')}
        </h2>
        {props.onClose !== null && (
          <ActionIcon variant="subtle" color="gray" aria-label={t('alerts.close')} onClick={props.onClose}>
            <IconX size={17} />
          </ActionIcon>
        )}
      </header>
      {isPending && <p className={classes.note}>{t('alerts.loading')}</p>}
      {error !== null && (
        <p className={classes.note} role="alert">
          {t('alerts.failed', { reason: reason(error) })}
        </p>
      )}
      {!isPending &&
        error === null &&
        sections.map(({ name, state, empty }) => {
          const inSection = shown.filter((alert) => alert.state === state)
          const count = alerts.filter((alert) => alert.state === state).length
          if (count === 0 && empty === null) return null
          return (
            <section key={state} aria-label={name}>
              <h3 className={classes.group}>
                {name} <span className={classes.count}>{count}</span>
              </h3>
              {count === 0 && <p className={classes.note}>{empty}</p>}
              <ul className={classes.rows}>
                {inSection.map((alert) => {
                  const source = sources.get(alert.sourceId)
                  return (
                    <AlertRow
                      key={alert.id}
                      tenant={props.tenant}
                      alert={alert}
                      source={source?.label ?? (alert.sourceId === '' ? t('alerts.noSource') : shortId(alert.sourceId))}
                      now={now}
                      timeZone={props.timeZone}
                      mayAcknowledge={props.isLive && alert.state === 'active'}
                      isSelected={alert.sourceId !== '' && alert.sourceId === props.selectedId}
                      onSelect={() => props.onSelect(alert, source?.type ?? alert.sourceId.split(':')[2] ?? '')}
                    />
                  )
                })}
              </ul>
            </section>
          )
        })}
      {alerts.length > most && (
        <div className={classes.more}>
          <Button size="compact-sm" variant="default" onClick={() => setMost(most + shownAtFirst)}>
            {t('alerts.more', { count: alerts.length - most })}
          </Button>
        </div>
      )}
      {isCut && <p className={classes.note}>{t('alerts.cut', { count: alerts.length })}</p>}
    </section>
  )
}
