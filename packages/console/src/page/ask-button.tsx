import { Button } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { useTexts } from '../i18n/use-texts.ts'

type AskButtonProps = {
  readonly text: string
  /** The text with what it is about, for those who hear it alone. */
  readonly label: string
  /** What the second button says, which does it. */
  readonly question: string
  readonly isBusy: boolean
  /** As the buttons beside it; in a row of a table the small one. */
  readonly size?: 'sm' | 'compact-sm'
  readonly onConfirm: () => void
}

/** A button for what cannot be undone: it asks once more, and gives the focus back when the answer is no. */
export function AskButton({ text, label, question, isBusy, size = 'compact-sm', onConfirm }: AskButtonProps): ReactNode {
  const { t } = useTexts()
  const [isAsking, setIsAsking] = useState(false)
  const [isBack, setIsBack] = useState(false)
  const first = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (isBack && !isAsking) first.current?.focus()
  }, [isBack, isAsking])
  if (!isAsking) {
    return (
      <Button
        ref={first}
        size={size}
        variant="default"
        leftSection={<IconTrash size={14} />}
        disabled={isBusy}
        aria-label={label}
        onClick={() => setIsAsking(true)}
      >
        {text}
      </Button>
    )
  }
  return (
    <>
      <Button
        size={size}
        color="red"
        variant="outline"
        autoFocus
        disabled={isBusy}
        onClick={() => {
          setIsAsking(false)
          onConfirm()
        }}
      >
        {question}
      </Button>
      <Button
        size={size}
        variant="default"
        onClick={() => {
          setIsBack(true)
          setIsAsking(false)
        }}
      >
        {t('page.cancel')}
      </Button>
    </>
  )
}
