import type { ReactNode } from 'react'
import { useTexts } from '../../i18n/use-texts.ts'
import { AskButton } from '../../page/ask-button.tsx'
import { useForget } from './use-devices.ts'
import page from '../../page/page.module.css'

type ForgetButtonProps = {
  readonly tenant: string | null
  readonly kind: 'devices' | 'service-groups'
  readonly id: string
  readonly size?: 'sm' | 'compact-sm'
}

/** Deletes a device or a service group, after asking once. */
export function ForgetButton({ tenant, kind, id, size = 'compact-sm' }: ForgetButtonProps): ReactNode {
  const { t, reason } = useTexts()
  const forget = useForget(tenant)
  return (
    <>
      <AskButton
        text={t('page.delete')}
        label={t('page.deleteOne', { name: id })}
        question={t('page.reallyDelete')}
        isBusy={forget.isPending}
        size={size}
        onConfirm={() => forget.mutate({ kind, id })}
      />
      {forget.error !== null && (
        <span className={page.small} role="alert">
          {reason(forget.error)}
        </span>
      )}
    </>
  )
}
