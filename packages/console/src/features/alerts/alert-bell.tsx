import { IconBell } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTexts } from '../../i18n/use-texts.ts'
import type { Alert } from './alert.ts'
import { SeverityMark } from './severity-mark.tsx'
import classes from './alerts.module.css'

/** The top bar's bell: how many alerts nobody has acknowledged, with the gravest one's shape. */
export function AlertBell(props: { readonly alerts: readonly Alert[]; readonly isOpen: boolean; readonly onOpen: () => void }): ReactNode {
  const { t } = useTexts()
  const active = props.alerts.filter(({ state }) => state === 'active')
  const gravest = active[0]?.severity ?? null
  const label = active.length === 0 ? t('alerts.bellNone') : t('alerts.bell', { count: active.length })
  return (
    <button
      type="button"
      className={classes.bell}
      data-severity={gravest ?? 'none'}
      data-count={active.length}
      aria-pressed={props.isOpen}
      aria-label={label}
      title={label}
      onClick={props.onOpen}
    >
      {gravest === null ? <IconBell size={17} aria-hidden /> : <SeverityMark severity={gravest} size={16} />}
      {active.length > 0 && <span aria-hidden>{active.length}</span>}
    </button>
  )
}
