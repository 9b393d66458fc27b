import { Button, CopyButton } from '@mantine/core'
import { IconArrowLeft, IconMapPin } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { formatAge, formatDuration } from '../../format/age.ts'
import { formatInstant } from '../../format/civil-time.ts'
import { useNow } from '../../format/use-now.ts'
import { useTexts } from '../../i18n/use-texts.ts'
import { ListState, Page } from '../../page/page.tsx'
import { toDeviceLabel } from './device-label.ts'
import { DeviceSetup } from './device-setup.tsx'
import { DeviceWays } from './device-ways.tsx'
import { ForgetButton } from './forget-button.tsx'
import { HealthCell } from './health-cell.tsx'
import { entityIdOf } from './provisioning.ts'
import type { Device, ServiceGroup } from './provisioning.ts'
import { useDevice, useHealth, useServiceGroups } from './use-devices.ts'
import classes from './devices.module.css'
import page from '../../page/page.module.css'

type DevicePageProps = {
  readonly tenant: string | null
  readonly deviceId: string
  readonly timeZone: string
  readonly onBack: () => void
  readonly onShowEntity: (id: string, type: string) => void
  readonly onShowDevice: (deviceId: string) => void
  /** The entity that the device's values go to, and the messages of the device that were refused, given by other features. */
  readonly entity: (id: string, type: string) => ReactNode
  readonly messages: ReactNode
}

/** Everything about one device: how it does, what it says now, what of it was refused, what its values mean and how it sends. */
export function DevicePage(props: DevicePageProps): ReactNode {
  const { t, word } = useTexts()
  const { tenant, deviceId } = props
  const query = useDevice(tenant, deviceId)
  const groups = useServiceGroups(tenant)
  const device = query.data ?? null
  const group = device === null ? null : groupOf(device, groups.data ?? [])
  const type = device?.entity_type ?? group?.entity_type ?? group?.type ?? ''
  return (
    <Page
      title={deviceId}
      about={device === null ? t('devices.one') : t('devices.measures', { type: word(type), entity: entityIdOf(device) })}
      actions={
        <>
          <Button variant="default" leftSection={<IconArrowLeft size={16} />} onClick={props.onBack}>
            {t('devices.all')}
          </Button>
          {device !== null && (
            <>
              <Button variant="default" leftSection={<IconMapPin size={16} />} onClick={() => props.onShowEntity(entityIdOf(device), type)}>
                {t('devices.onMap')}
              </Button>
              <CopyButton value={toDeviceLabel(device.apikey ?? '', device.device_id)}>
                {({ copied, copy }) => (
                  <Button variant="default" onClick={copy}>
                    {copied ? t('devices.copied') : t('devices.copy')}
                  </Button>
                )}
              </CopyButton>
              <ForgetButton tenant={tenant} kind="devices" id={device.device_id} size="sm" />
            </>
          )}
        </>
      }
    >
      {device === null ? (
        <section className={page.card}>
          <ListState query={query} empty={t('devices.unknown', { name: deviceId })} />
        </section>
      ) : (
        <div className={classes.device}>
          <div className={classes.side}>
            <Health {...props} />
            <DeviceSetup device={device} group={group} />
            <DeviceWays device={device} group={group} />
          </div>
          <div className={`${page.card} ${classes.values}`}>{props.entity(entityIdOf(device), type)}</div>
        </div>
      )}
      {props.messages}
    </Page>
  )
}

function Health({ tenant, deviceId, timeZone, onShowDevice }: DevicePageProps): ReactNode {
  const { t, language } = useTexts()
  const health = useHealth(tenant).get(deviceId) ?? null
  const now = useNow(1_000)
  const seen = health?.lastSeen === undefined ? null : Date.parse(health.lastSeen)
  const gateway = health?.gateway
  return (
    <section className={page.card} aria-labelledby="health-title" data-health={health?.state ?? ''}>
      <div className={page.cardHead}>
        <h3 id="health-title">{t('devices.state')}</h3>
        <span>
          <HealthCell health={health} now={now} />
        </span>
      </div>
      <dl className={classes.facts}>
        <dt>{t('devices.lastSeen')}</dt>
        <dd>{seen === null ? t('devices.neverHeard') : `${formatInstant(seen, language, timeZone, true)} (${formatAge(seen, now, language)})`}</dd>
        <dt>{t('devices.expected')}</dt>
        <dd>{health === null ? '–' : formatDuration(health.expectedIntervalS, language)}</dd>
        {gateway !== undefined && (
          <>
            <dt>{t('devices.gateway')}</dt>
            <dd>
              <button type="button" className="plainButton" onClick={() => onShowDevice(gateway)}>
                {gateway}
              </button>
            </dd>
          </>
        )}
      </dl>
    </section>
  )
}

/** The group whose words a device takes where it has none of its own, as the server finds it. */
function groupOf(device: Device, groups: readonly ServiceGroup[]): ServiceGroup | null {
  return (
    groups.find((group) =>
      device.apikey === undefined ? (group.entity_type ?? group.type) === device.entity_type : group.apikey === device.apikey,
    ) ?? null
  )
}
