import { Button } from '@mantine/core'
import { IconFileSpreadsheet, IconPlus, IconQrcode, IconStack2 } from '@tabler/icons-react'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTexts } from '../../i18n/use-texts.ts'
import { Outcome, Page } from '../../page/page.tsx'
import { CsvForm } from './csv-form.tsx'
import { DeviceForm } from './device-form.tsx'
import { DeviceTable } from './device-table.tsx'
import { GroupForm } from './group-form.tsx'
import { GroupTable } from './group-table.tsx'
import { LabelForm } from './label-form.tsx'
import { emptyDevice } from './provisioning.ts'
import type { Device, DeviceDraft } from './provisioning.ts'
import { useDevices, useServiceGroups } from './use-devices.ts'

type DevicesPageProps = {
  readonly tenant: string | null
  readonly types: readonly string[]
  /** A device to begin with, known by the message it sent; null to begin with the list. */
  readonly first: { readonly deviceId: string; readonly apiKey: string } | null
  readonly onShow: (device: Device) => void
}

type Task = { readonly kind: 'device'; readonly draft: DeviceDraft } | { readonly kind: 'group' | 'csv' | 'label' } | null

/** Who may speak for the city's things: service groups and devices, added by form, list or scanned label. */
export function DevicesPage({ tenant, types, first, onShow }: DevicesPageProps): ReactNode {
  const { t } = useTexts()
  const groups = useServiceGroups(tenant)
  const devices = useDevices(tenant)
  const [task, setTask] = useState<Task>(first === null ? null : { kind: 'device', draft: { ...emptyDevice, ...first } })
  const [done, setDone] = useState('')
  const begin = (next: Task): void => {
    setDone('')
    setTask(next)
  }
  const finish = (text: string): void => {
    setTask(null)
    setDone(text)
  }
  const known = groups.data ?? []
  const cancel = (): void => setTask(null)
  return (
    <Page
      title={t('devices.title')}
      about={t('devices.about')}
      actions={
        <>
          <Button leftSection={<IconPlus size={16} />} onClick={() => begin({ kind: 'device', draft: emptyDevice })}>
            {t('devices.add')}
          </Button>
          <Button variant="default" leftSection={<IconFileSpreadsheet size={16} />} onClick={() => begin({ kind: 'csv' })}>
            {t('devices.fromCsv')}
          </Button>
          <Button variant="default" leftSection={<IconQrcode size={16} />} onClick={() => begin({ kind: 'label' })}>
            {t('devices.fromLabel')}
          </Button>
          <Button variant="default" leftSection={<IconStack2 size={16} />} onClick={() => begin({ kind: 'group' })}>
            {t('devices.addGroup')}
          </Button>
        </>
      }
    >
      <Outcome text={done} error={null} />
      {task?.kind === 'device' && !groups.isPending && (
        <DeviceForm
          key={`${task.draft.apiKey} ${task.draft.deviceId}`}
          tenant={tenant}
          types={types}
          groups={known}
          first={task.draft}
          onDone={(id) => finish(t('devices.stored', { count: 1, name: id }))}
          onCancel={cancel}
        />
      )}
      {task?.kind === 'csv' && (
        <CsvForm tenant={tenant} groups={known} onDone={(count) => finish(t('devices.stored', { count, name: String(count) }))} onCancel={cancel} />
      )}
      {task?.kind === 'label' && <LabelForm onRead={(draft) => begin({ kind: 'device', draft })} onCancel={cancel} />}
      {task?.kind === 'group' && (
        <GroupForm tenant={tenant} types={types} known={known} onDone={(key) => finish(t('devices.groupStored', { key }))} onCancel={cancel} />
      )}
      <GroupTable tenant={tenant} query={groups} />
      <DeviceTable tenant={tenant} query={devices} groups={known} onShow={onShow} />
    </Page>
  )
}
