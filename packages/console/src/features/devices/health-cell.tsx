import { IconAntennaBarsOff, IconArrowsDiff, IconCircleCheck, IconRouterOff } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { formatAge } from '../../format/age.ts'
import { useTexts } from '../../i18n/use-texts.ts'
import type { DeviceHealth } from './use-devices.ts'
import classes from './devices.module.css'
import page from '../../page/page.module.css'

const icons = { ok: IconCircleCheck, silent: IconAntennaBarsOff, unreachable: IconRouterOff, drifting: IconArrowsDiff }

/** How a device does, by shape, colour and word; when it was last heard, and its battery where it tells. */
export function HealthCell({ health, now }: { readonly health: DeviceHealth | null; readonly now: number }): ReactNode {
  const { t, language } = useTexts()
  if (health === null || (health.state === 'ok' && health.lastSeen === undefined)) return <span className="muted">{t('devices.neverHeard')}</span>
  const Icon = icons[health.state]
  const seen = Date.parse(health.lastSeen ?? '')
  const battery = health.batteryLevel
  return (
    <>
      <span className={classes.health} data-state={health.state}>
        <Icon size={16} aria-hidden />
        {t(`devices.health.${health.state}`)}
      </span>
      <span className={page.small}>
        {!Number.isNaN(seen) && formatAge(seen, now, language)}
        {battery !== undefined && ` · ${t('devices.battery', { level: new Intl.NumberFormat(language, { style: 'percent' }).format(battery) })}`}
      </span>
    </>
  )
}
