import { Button, TextInput } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import type { FormEvent, ReactNode } from 'react'
import { useTexts } from '../../i18n/use-texts.ts'
import { readDeviceLabel } from './device-label.ts'
import type { DeviceDraft } from './provisioning.ts'
import page from '../../page/page.module.css'

/** Takes the text of a QR code, as a hand scanner types it or a phone copies it, and begins a device with it. */
export function LabelForm({ onRead, onCancel }: { readonly onRead: (draft: DeviceDraft) => void; readonly onCancel: () => void }): ReactNode {
  const { t } = useTexts()
  const [text, setText] = useState('')
  const [isUnknown, setIsUnknown] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const draft = readDeviceLabel(text)
    if (draft === null) setIsUnknown(true)
    else onRead(draft)
  }
  return (
    <form className={page.card} onSubmit={submit}>
      <div className={page.form}>
        <TextInput
          ref={field}
          className={page.mono ?? ''}
          label={t('devices.label')}
          description={t('devices.labelHint')}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value)
            setIsUnknown(false)
          }}
          error={isUnknown ? t('devices.labelUnknown') : null}
        />
        <div className={page.formActions}>
          <Button type="submit" disabled={text.trim() === ''}>
            {t('devices.readLabel')}
          </Button>
          <Button variant="default" onClick={onCancel}>
            {t('page.cancel')}
          </Button>
        </div>
      </div>
    </form>
  )
}
