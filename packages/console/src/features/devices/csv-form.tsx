import { Button, FileButton, NativeSelect, Textarea } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { FormEvent, ReactNode } from 'react'
import { useTexts } from '../../i18n/use-texts.ts'
import { Outcome } from '../../page/page.tsx'
import { csvColumns, parseDeviceList } from './device-csv.ts'
import type { ServiceGroup } from './provisioning.ts'
import { useProvision } from './use-devices.ts'
import page from '../../page/page.module.css'

const mostFaults = 8
const example = 'device_id,name,latitude,longitude,attributes\n'

type CsvFormProps = {
  readonly tenant: string | null
  readonly groups: readonly ServiceGroup[]
  readonly onDone: (count: number) => void
  readonly onCancel: () => void
}

/** Takes a list of devices, shows what it amounts to before anything is stored, and names the lines that cannot be taken. */
export function CsvForm({ tenant, groups, onDone, onCancel }: CsvFormProps): ReactNode {
  const { t } = useTexts()
  const [text, setText] = useState('')
  const [apiKey, setApiKey] = useState(groups[0]?.apikey ?? '')
  const provision = useProvision(tenant)
  const group = groups.find(({ apikey }) => apikey === apiKey)
  const list = useMemo(() => parseDeviceList(text, { apiKey, entityType: group?.entity_type ?? group?.type ?? '' }), [text, apiKey, group])
  const isEmpty = text.trim() === ''
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    provision.mutate(list.devices, { onSuccess: () => onDone(list.devices.length) })
  }
  return (
    <form className={page.card} onSubmit={submit}>
      <div className={page.cardHead}>
        <h3>{t('devices.csvTitle')}</h3>
        <FileButton accept=".csv,.tsv,.txt,text/csv" onChange={(file) => void file?.text().then(setText)}>
          {(button) => (
            <Button size="compact-sm" variant="default" {...button}>
              {t('devices.chooseFile')}
            </Button>
          )}
        </FileButton>
      </div>
      <div className={page.form}>
        <NativeSelect
          label={t('devices.csvGroup')}
          description={t('devices.csvGroupHint')}
          value={apiKey}
          onChange={(event) => setApiKey(event.currentTarget.value)}
          data={groups.map(({ apikey }) => apikey)}
        />
        <Textarea
          className={page.mono ?? ''}
          label={t('devices.csvText')}
          description={t('devices.csvColumns', { columns: Object.keys(csvColumns).join(', ') })}
          placeholder={example}
          rows={7}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {!isEmpty && (
          <div role="status">
            <p>{t('devices.csvFound', { count: list.devices.length })}</p>
            {list.missingColumns.length > 0 && <p>{t('devices.csvMissing', { columns: list.missingColumns.join(', ') })}</p>}
            {list.unknownColumns.length > 0 && <p>{t('devices.csvUnknown', { columns: list.unknownColumns.join(', ') })}</p>}
            {list.faults.length > 0 && (
              <ul>
                {list.faults.slice(0, mostFaults).map(({ line, faults }) => (
                  <li key={line}>
                    {t('devices.csvLine', {
                      line,
                      faults: faults.map(({ field, fault }) => `${columnOf(field)}: ${t(`devices.fault.${fault}`)}`).join('; '),
                    })}
                  </li>
                ))}
                {list.faults.length > mostFaults && <li>{t('devices.csvMoreFaults', { count: list.faults.length - mostFaults })}</li>}
              </ul>
            )}
          </div>
        )}
        <Outcome text="" error={provision.error} />
        <div className={page.formActions}>
          <Button type="submit" disabled={list.devices.length === 0} loading={provision.isPending}>
            {t('devices.csvSave', { count: list.devices.length })}
          </Button>
          <Button variant="default" onClick={onCancel}>
            {t('page.cancel')}
          </Button>
        </div>
      </div>
    </form>
  )
}

function columnOf(field: string): string {
  return Object.entries(csvColumns).find(([, each]) => each === field)?.[0] ?? field
}
