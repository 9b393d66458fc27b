import { Autocomplete, Button, NativeSelect, Switch, Textarea, TextInput } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import type { FormEvent, ReactNode } from 'react'
import { useTexts } from '../../i18n/use-texts.ts'
import { Outcome } from '../../page/page.tsx'
import { parseAttributes } from './provisioning.ts'
import type { ServiceGroup } from './provisioning.ts'
import { usePutGroup } from './use-devices.ts'
import page from '../../page/page.module.css'

type GroupFormProps = {
  readonly tenant: string | null
  readonly types: readonly string[]
  readonly known: readonly ServiceGroup[]
  readonly onDone: (key: string) => void
  readonly onCancel: () => void
}

/** The form for a service group: devices that share a key, a protocol and what their values mean. */
export function GroupForm({ tenant, types, known, onDone, onCancel }: GroupFormProps): ReactNode {
  const { t, word } = useTexts()
  const [key, setKey] = useState('')
  const [type, setType] = useState('')
  const [protocol, setProtocol] = useState('JSON')
  const [attributes, setAttributes] = useState('')
  const [commands, setCommands] = useState('')
  const [letsIn, setLetsIn] = useState(false)
  const [isChecked, setIsChecked] = useState(false)
  const put = usePutGroup(tenant)
  const start = useRef<HTMLInputElement>(null)
  useEffect(() => start.current?.focus(), [])
  const mappings = parseAttributes(attributes)
  const isTaken = known.some(({ apikey }) => apikey === key.trim())
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setIsChecked(true)
    if (key.trim() === '' || type.trim() === '' || mappings === null || isTaken) return
    const names = commands
      .split(';')
      .map((name) => name.trim())
      .filter((name) => name !== '')
    put.mutate(
      {
        apikey: key.trim(),
        resource: '',
        entity_type: type.trim(),
        protocol,
        autoprovision: letsIn,
        attributes: mappings,
        commands: names.map((name) => ({ name, object_id: name, type: 'command' })),
      },
      { onSuccess: () => onDone(key.trim()) },
    )
  }
  const missing = (text: string): string | null => (isChecked && text.trim() === '' ? t('devices.fault.missing') : null)
  return (
    <form className={page.card} onSubmit={submit} noValidate aria-labelledby="group-form-title">
      <div className={page.cardHead}>
        <h3 id="group-form-title">{t('devices.groupTitle')}</h3>
      </div>
      <div className={page.form}>
        <div className={page.fields}>
          <TextInput
            ref={start}
            label={t('devices.key')}
            description={t('devices.newKeyHint')}
            value={key}
            onChange={(event) => setKey(event.currentTarget.value)}
            error={isTaken ? t('devices.keyTaken') : missing(key)}
          />
          <Autocomplete
            label={t('devices.type')}
            description={t('devices.typeHint')}
            value={type}
            onChange={setType}
            data={[...types]}
            renderOption={({ option }) => word(option.value)}
            error={missing(type)}
          />
          <NativeSelect
            label={t('devices.protocol')}
            description={t('devices.protocolHint')}
            value={protocol}
            onChange={(event) => setProtocol(event.currentTarget.value)}
            data={[
              { value: 'JSON', label: 'JSON' },
              { value: 'UltraLight', label: 'UltraLight 2.0' },
            ]}
          />
          <Textarea
            className={page.mono ?? ''}
            label={t('devices.attributes')}
            description={t('devices.attributesHint')}
            rows={2}
            value={attributes}
            onChange={(event) => setAttributes(event.currentTarget.value)}
            error={isChecked && mappings === null ? t('devices.fault.mapping') : null}
          />
          <TextInput
            label={t('devices.commands')}
            description={t('devices.commandsHint')}
            value={commands}
            onChange={(event) => setCommands(event.currentTarget.value)}
          />
          <Switch
            label={t('devices.letsIn')}
            description={t('devices.letsInHint')}
            checked={letsIn}
            onChange={(event) => setLetsIn(event.currentTarget.checked)}
            mt={24}
          />
        </div>
        <Outcome text="" error={put.error} />
        <div className={page.formActions}>
          <Button type="submit" loading={put.isPending}>
            {t('devices.saveGroup')}
          </Button>
          <Button variant="default" onClick={onCancel}>
            {t('page.cancel')}
          </Button>
        </div>
      </div>
    </form>
  )
}
