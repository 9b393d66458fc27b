import { Autocomplete, Button, NativeSelect, Textarea, TextInput } from '@mantine/core'
import type { FormEvent, ReactNode } from 'react'
import { useTexts } from '../../i18n/use-texts.ts'
import { Outcome } from '../../page/page.tsx'
import { useDraft } from '../../page/use-draft.ts'
import { parseDeviceDraft } from './provisioning.ts'
import type { DeviceDraft, DeviceFault, ServiceGroup } from './provisioning.ts'
import { useProvision } from './use-devices.ts'
import page from '../../page/page.module.css'

type DeviceFormProps = {
  readonly tenant: string | null
  readonly types: readonly string[]
  readonly groups: readonly ServiceGroup[]
  readonly first: DeviceDraft
  readonly onDone: (deviceId: string) => void
  readonly onCancel: () => void
}

/** The form for one device; its service group says what the form leaves open. */
export function DeviceForm(props: DeviceFormProps): ReactNode {
  const { t, word } = useTexts()
  const typeOfGroup = (apiKey: string): string => {
    const group = props.groups.find(({ apikey }) => apikey === apiKey)
    return group?.entity_type ?? group?.type ?? ''
  }
  const firstKey = props.first.apiKey === '' ? (props.groups[0]?.apikey ?? '') : props.first.apiKey
  const { change, draft, faultOf, showFaults, start } = useDraft<DeviceDraft, DeviceFault['fault']>(
    { ...props.first, apiKey: firstKey, entityType: props.first.entityType === '' ? typeOfGroup(firstKey) : props.first.entityType },
    (fault) => t(`devices.fault.${fault}`),
  )
  const provision = useProvision(props.tenant)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const parsed = parseDeviceDraft(draft)
    if ('faults' in parsed) return showFaults(parsed.faults)
    provision.mutate([parsed.device], { onSuccess: () => props.onDone(parsed.device.device_id) })
  }
  const field = (name: keyof DeviceDraft, label: string, hint: string): ReactNode => (
    <TextInput
      label={label}
      description={hint}
      value={draft[name]}
      onChange={(event) => change({ [name]: event.currentTarget.value })}
      error={faultOf(name)}
    />
  )
  return (
    <form className={page.card} onSubmit={submit} noValidate aria-labelledby="device-form-title">
      <div className={page.cardHead}>
        <h3 id="device-form-title">{t('devices.formTitle')}</h3>
      </div>
      <div className={page.form}>
        <div className={page.fields}>
          <TextInput
            ref={start}
            label={t('devices.id')}
            description={t('devices.idHint')}
            value={draft.deviceId}
            onChange={(event) => change({ deviceId: event.currentTarget.value })}
            error={faultOf('deviceId')}
          />
          <Autocomplete
            label={t('devices.key')}
            description={t('devices.keyHint')}
            value={draft.apiKey}
            onChange={(apiKey) => change({ apiKey, ...(typeOfGroup(apiKey) === '' ? {} : { entityType: typeOfGroup(apiKey) }) })}
            data={props.groups.map(({ apikey }) => apikey)}
            error={faultOf('apiKey')}
          />
          <Autocomplete
            label={t('devices.type')}
            description={t('devices.typeHint')}
            value={draft.entityType}
            onChange={(entityType) => change({ entityType })}
            data={[...props.types]}
            renderOption={({ option }) => word(option.value)}
            error={faultOf('entityType')}
          />
          {field('name', t('devices.name'), t('devices.nameHint'))}
          {field('latitude', t('devices.latitude'), t('devices.degreesHint'))}
          {field('longitude', t('devices.longitude'), t('devices.degreesHint'))}
          {field('entityName', t('devices.entityName'), t('devices.entityNameHint'))}
          <NativeSelect
            label={t('devices.protocol')}
            description={t('devices.ofGroupHint')}
            value={draft.protocol}
            onChange={(event) => change({ protocol: event.currentTarget.value })}
            data={[
              { value: '', label: t('devices.ofGroup') },
              { value: 'JSON', label: 'JSON' },
              { value: 'UltraLight', label: 'UltraLight 2.0' },
            ]}
          />
          <NativeSelect
            label={t('devices.transport')}
            description={t('devices.ofGroupHint')}
            value={draft.transport}
            onChange={(event) => change({ transport: event.currentTarget.value })}
            data={[
              { value: '', label: t('devices.ofGroup') },
              { value: 'MQTT', label: 'MQTT' },
              { value: 'HTTP', label: 'HTTP' },
            ]}
          />
          <Textarea
            className={page.mono ?? ''}
            label={t('devices.attributes')}
            description={t('devices.attributesHint')}
            rows={2}
            value={draft.attributes}
            onChange={(event) => change({ attributes: event.currentTarget.value })}
            error={faultOf('attributes')}
          />
          {field('commands', t('devices.commands'), t('devices.commandsHint'))}
        </div>
        <Outcome text="" error={provision.error} />
        <div className={page.formActions}>
          <Button type="submit" loading={provision.isPending}>
            {t('devices.save')}
          </Button>
          <Button variant="default" onClick={props.onCancel}>
            {t('page.cancel')}
          </Button>
        </div>
      </div>
    </form>
  )
}
