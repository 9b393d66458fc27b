import { Button, CopyButton } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTexts } from '../../i18n/use-texts.ts'
import { waysOf } from './ways.ts'
import type { Device, ServiceGroup } from './provisioning.ts'
import classes from './devices.module.css'
import page from '../../page/page.module.css'

type DeviceWaysProps = { readonly device: Device; readonly group: ServiceGroup | null }

/** Where the device sends and listens, with a message to try. */
export function DeviceWays({ device, group }: DeviceWaysProps): ReactNode {
  const { t } = useTexts()
  const ways = waysOf(device, group, window.location.origin)
  if (ways === null) return null
  return (
    <section className={page.card} aria-labelledby="ways-title">
      <div className={page.cardHead}>
        <h3 id="ways-title">{t('devices.ways')}</h3>
      </div>
      <dl className={classes.facts}>
        {ways.topics.map(({ kind, topic }) => (
          <div key={kind} className={classes.fact}>
            <dt>{t(`devices.topic.${kind}`)}</dt>
            <dd className={page.id}>{topic}</dd>
          </div>
        ))}
      </dl>
      <div className={classes.example}>
        <pre tabIndex={0} role="region" aria-label={t('devices.try')}>
          {ways.example}
        </pre>
        <CopyButton value={ways.example}>
          {({ copied, copy }) => (
            <Button
              size="compact-sm"
              variant="default"
              aria-label={copied ? undefined : `${t('devices.copyExample')}: ${t('devices.try')}`}
              onClick={copy}
            >
              {copied ? t('devices.copied') : t('devices.copyExample')}
            </Button>
          )}
        </CopyButton>
      </div>
    </section>
  )
}
