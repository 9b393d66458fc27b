import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useState } from 'react'
import type { FormEvent, ReactNode } from 'react'
import { useTexts } from '../../i18n/use-texts.ts'
import { Outcome, Page } from '../../page/page.tsx'
import { CodecTable } from './codec-table.tsx'
import { TrialResult } from './trial-result.tsx'
import { useCodecs, useGroupChoices, usePutCodec, useTrial } from './use-codecs.ts'
import type { Codec } from './use-codecs.ts'
import page from '../../page/page.module.css'

const skeleton = `function decodeUplink(input) {
  return { data: { temperature: ((input.bytes[0] << 8) | input.bytes[1]) / 100 } }
}
`
const mostPort = 255

/** Where a vendor's payload code meets bytes: paste both, see the fields and the entity they become, keep what is right with its example. */
export function CodecPage({ tenant }: { readonly tenant: string | null }): ReactNode {
  const { t, word, reason } = useTexts()
  const codecs = useCodecs(tenant)
  const groups = useGroupChoices(tenant)
  const trial = useTrial(tenant)
  const put = usePutCodec(tenant)
  const [name, setName] = useState('')
  const [source, setSource] = useState(skeleton)
  const [hex, setHex] = useState('')
  const [port, setPort] = useState('1')
  const [apikey, setApikey] = useState('')
  const [done, setDone] = useState('')
  const known = codecs.data ?? []
  const fPort = Number(port)
  const isPort = Number.isInteger(fPort) && fPort >= 0 && fPort <= mostPort && port.trim() !== ''
  const fields = trial.data?.fields
  const change = (): void => {
    setDone('')
    trial.reset()
    put.reset()
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setDone('')
    if (isPort) trial.mutate({ hex: hex.trim(), fPort, source, ...(apikey === '' ? {} : { apikey }) })
  }
  const keep = (): void => {
    const former = known.find((codec) => codec.name === name.trim())?.examples ?? []
    const own = { hex: hex.trim(), fPort, expected: fields ?? {} }
    const examples = [...former.filter((example) => example.hex !== own.hex || example.fPort !== own.fPort), own]
    put.mutate({ name: name.trim(), source, examples }, { onSuccess: () => setDone(t('codecs.kept', { name: name.trim() })) })
  }
  const load = (codec: Codec): void => {
    const [example] = codec.examples
    change()
    setName(codec.name)
    setSource(codec.source)
    setHex(example?.hex ?? '')
    setPort(String(example?.fPort ?? 1))
  }
  return (
    <Page title={t('codecs.title')} about={t('codecs.about')}>
      <Outcome text={done} error={put.error} />
      <form className={page.card} onSubmit={submit}>
        <div className={page.form}>
          <div className={page.fields}>
            <TextInput
              className={`${page.mono} ${page.double}`}
              label={t('codecs.hex')}
              description={t('codecs.hexHint')}
              value={hex}
              onChange={(event) => {
                setHex(event.currentTarget.value)
                change()
              }}
            />
            <TextInput
              label={t('codecs.port')}
              description={t('codecs.portHint')}
              inputMode="numeric"
              value={port}
              onChange={(event) => {
                setPort(event.currentTarget.value)
                change()
              }}
              error={isPort ? null : t('codecs.portFault')}
            />
            <NativeSelect
              label={t('codecs.group')}
              description={t('codecs.groupHint')}
              value={apikey}
              onChange={(event) => {
                setApikey(event.currentTarget.value)
                change()
              }}
              data={[
                { value: '', label: t('codecs.noGroup') },
                ...groups.map((group) => ({ value: group.apikey, label: `${group.apikey} (${word(group.type)})` })),
              ]}
            />
          </div>
          <Textarea
            className={page.mono ?? ''}
            label={t('codecs.source')}
            description={t('codecs.sourceHint')}
            rows={9}
            spellCheck={false}
            value={source}
            onChange={(event) => {
              setSource(event.currentTarget.value)
              change()
            }}
          />
          <div className={page.formActions}>
            <Button type="submit" leftSection={<IconPlayerPlay size={16} />} loading={trial.isPending} disabled={hex.trim() === ''}>
              {t('codecs.try')}
            </Button>
          </div>
          <div role="status">
            {trial.error !== null && t('codecs.notTried', { reason: reason(trial.error) })}
            {trial.data !== undefined && trial.data !== null && <TrialResult trial={trial.data} />}
          </div>
          {fields !== undefined && (
            <div className={page.formActions}>
              <TextInput
                aria-label={t('codecs.name')}
                placeholder={t('codecs.name')}
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
              />
              <Button variant="default" disabled={name.trim() === ''} loading={put.isPending} onClick={keep}>
                {t('codecs.keep')}
              </Button>
            </div>
          )}
        </div>
      </form>
      <CodecTable tenant={tenant} query={codecs} onLoad={load} />
    </Page>
  )
}
