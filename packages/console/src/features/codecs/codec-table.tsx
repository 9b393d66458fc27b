import { Button } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTexts } from '../../i18n/use-texts.ts'
import { AskButton } from '../../page/ask-button.tsx'
import { ListState, Outcome } from '../../page/page.tsx'
import { useDeleteCodec } from './use-codecs.ts'
import type { Codec } from './use-codecs.ts'
import page from '../../page/page.module.css'

type CodecTableProps = {
  readonly tenant: string | null
  readonly query: UseQueryResult<readonly Codec[]>
  readonly onLoad: (codec: Codec) => void
}

/** The codecs that are kept; each can be taken up again or deleted. */
export function CodecTable({ tenant, query, onLoad }: CodecTableProps): ReactNode {
  const { t } = useTexts()
  const remove = useDeleteCodec(tenant)
  const codecs = query.data ?? []
  return (
    <section className={page.card} aria-labelledby="codecs-title">
      <div className={page.cardHead}>
        <h3 id="codecs-title">{t('codecs.keptOnes')}</h3>
      </div>
      <Outcome text="" error={remove.error} />
      <ListState query={query} empty={codecs.length === 0 ? t('codecs.none') : null} />
      {codecs.length > 0 && (
        <table className={page.table}>
          <caption className="srOnly">{t('codecs.keptOnes')}</caption>
          <tbody>
            {codecs.map((codec) => (
              <tr key={codec.name} data-codec={codec.name}>
                <th scope="row">{codec.name}</th>
                <td>{t('codecs.examples', { count: codec.examples.length })}</td>
                <td>
                  <div className={page.rowActions}>
                    <Button size="compact-sm" variant="default" aria-label={t('codecs.loadOne', { name: codec.name })} onClick={() => onLoad(codec)}>
                      {t('codecs.load')}
                    </Button>
                    <AskButton
                      text={t('page.delete')}
                      label={t('page.deleteOne', { name: codec.name })}
                      question={t('page.reallyDelete')}
                      isBusy={remove.isPending}
                      onConfirm={() => remove.mutate(codec.name)}
                    />
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
