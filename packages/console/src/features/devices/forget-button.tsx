import { Button } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTexts } from '../../i18n/use-texts.ts'
import { useForget } from './use-devices.ts'
import page from '../../page/page.module.css'

type ForgetButtonProps = { readonly tenant: string | null; readonly kind: 'devices' | 'service-groups'; readonly id: string }

/** Deletes a device or a service group, after asking once. */
export function ForgetButton({ tenant, kind, id }: ForgetButtonProps): ReactNode {
  const { t, reason } = useTexts()
  const [isAsking, setIsAsking] = useState(false)
  const forget = useForget(tenant)
  if (isAsking) {
    return (
      <>
        <Button
          size="compact-sm"
          color="red"
          variant="outline"
          autoFocus
          loading={forget.isPending}
          onClick={() => forget.mutate({ kind, id }, { onSettled: () => setIsAsking(false) })}
        >
          {t('devices.reallyDelete')}
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => setIsAsking(false)}>
          {t('page.cancel')}
        </Button>
      </>
    )
  }
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconTrash size={14} />}
        aria-label={t('devices.deleteOne', { name: id })}
        onClick={() => setIsAsking(true)}
      >
        {t('page.delete')}
      </Button>
      {forget.error !== null && (
        <span className={page.small} role="alert">
          {reason(forget.error)}
        </span>
      )}
    </>
  )
}
