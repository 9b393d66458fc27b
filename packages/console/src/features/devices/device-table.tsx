import { Button, Checkbox, CopyButton, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import type { UseQueryResult } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { ReactNode } from 'react'
import { formatCount } from '../../format/numbers.ts'
import { useNow } from '../../format/use-now.ts'
import { useTexts } from '../../i18n/use-texts.ts'
import { ListState } from '../../page/page.tsx'
import { toDeviceLabel } from './device-label.ts'
import { ForgetButton } from './forget-button.tsx'
import { HealthCell } from './health-cell.tsx'
import { entityIdOf } from './provisioning.ts'
import type { Device, ServiceGroup } from './provisioning.ts'
import { useHealth } from './use-devices.ts'
import page from '../../page/page.module.css'

const shownAtFirst = 50

type DeviceTableProps = {
  readonly tenant: string | null
  readonly query: UseQueryResult<readonly Device[]>
  readonly groups: readonly ServiceGroup[]
  readonly onShow: (device: Device) => void
}

/** The devices, found by id, key or type; as many as fit a look, and more on demand. */
export function DeviceTable({ tenant, query, groups, onShow }: DeviceTableProps): ReactNode {
  const { t, word, language } = useTexts()
  const [filter, setFilter] = useState('')
  const [most, setMost] = useState(shownAtFirst)
  const [onlyNeedy, setOnlyNeedy] = useState(false)
  const health = useHealth(tenant)
  const now = useNow(5_000)
  const all = query.data
  const found = useMemo(() => {
    const wanted = filter.trim().toLowerCase()
    return (all ?? []).filter((device) =>
      [device.device_id, device.entity_name, device.entity_type, device.apikey].some((text) => text?.toLowerCase().includes(wanted) === true),
    )
  }, [all, filter])
  const needy = found.filter(({ device_id: id }) => (health.get(id)?.state ?? 'ok') !== 'ok')
  const listed = onlyNeedy ? needy : found
  return (
    <section className={page.card} aria-labelledby="devices-title">
      <div className={page.cardHead}>
        <h3 id="devices-title">{t('devices.devices')}</h3>
        <TextInput
          size="xs"
          aria-label={t('devices.filter')}
          placeholder={t('devices.filter')}
          leftSection={<IconSearch size={14} />}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
        <Checkbox
          size="xs"
          label={needy.length === 0 ? t('devices.noneNeedy') : t('devices.onlyNeedy', { count: needy.length })}
          checked={onlyNeedy}
          onChange={(event) => setOnlyNeedy(event.currentTarget.checked)}
        />
        <span className="muted" data-devices={all?.length ?? ''}>
          {t('devices.shown', { shown: formatCount(listed.length, language), total: formatCount(all?.length ?? 0, language) })}
        </span>
      </div>
      <ListState query={query} empty={listed.length > 0 ? null : all?.length === 0 ? t('devices.none') : t('devices.noneMatch')} />
      {listed.length > 0 && (
        <table className={page.table}>
          <caption className="srOnly">{t('devices.devices')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('devices.id')}</th>
              <th scope="col">{t('devices.entity')}</th>
              <th scope="col">{t('devices.state')}</th>
              <th scope="col">{t('devices.key')}</th>
              <th scope="col">{t('devices.commands')}</th>
              <th scope="col">
                <span className="srOnly">{t('page.actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {listed.slice(0, most).map((device) => {
              const entityId = entityIdOf(device)
              const group = groups.find(({ apikey }) => apikey === device.apikey)
              const commands = [...(device.commands ?? []), ...(group?.commands ?? [])].map(({ name }) => name)
              return (
                <tr key={device.device_id} data-device={device.device_id}>
                  <th scope="row" className={page.id}>
                    {device.device_id}
                  </th>
                  <td>
                    {word(device.entity_type ?? group?.entity_type ?? '')}
                    <span className={page.small}>{entityId}</span>
                  </td>
                  <td data-label={t('devices.state')}>
                    <HealthCell health={health.get(device.device_id) ?? null} now={now} />
                  </td>
                  <td data-label={t('devices.key')} className={page.id}>
                    {device.apikey ?? '–'}
                  </td>
                  <td data-label={t('devices.commands')}>{commands.length === 0 ? '–' : [...new Set(commands)].join(', ')}</td>
                  <td>
                    <div className={page.rowActions}>
                      <Button
                        size="compact-sm"
                        variant="default"
                        aria-label={t('devices.showOne', { name: device.device_id })}
                        onClick={() => onShow(device)}
                      >
                        {t('devices.show')}
                      </Button>
                      <CopyButton value={toDeviceLabel(device.apikey ?? '', device.device_id)}>
                        {({ copied, copy }) => (
                          <Button
                            size="compact-sm"
                            variant="default"
                            aria-label={copied ? undefined : t('devices.copyOne', { name: device.device_id })}
                            onClick={copy}
                          >
                            {copied ? t('devices.copied') : t('devices.copy')}
                          </Button>
                        )}
                      </CopyButton>
                      <ForgetButton tenant={tenant} kind="devices" id={device.device_id} />
                    </div>
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      )}
      {listed.length > most && (
        <div className={page.form}>
          <div>
            <Button variant="default" onClick={() => setMost(most + shownAtFirst * 4)}>
              {t('devices.more', { count: listed.length - most })}
            </Button>
          </div>
        </div>
      )}
    </section>
  )
}
