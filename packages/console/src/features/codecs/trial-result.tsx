import type { ReactNode } from 'react'
import { useTexts } from '../../i18n/use-texts.ts'
import type { Fields, Trial } from './use-codecs.ts'
import page from '../../page/page.module.css'

/** What came of a trial: the fields and the entity side by side, or what refused it. */
export function TrialResult({ trial }: { readonly trial: Trial }): ReactNode {
  const { t } = useTexts()
  return (
    <>
      {trial.refused !== undefined && <p>{t('codecs.refused', { rule: trial.refused.rule, detail: trial.refused.detail })}</p>}
      {(trial.warnings ?? []).map((warning) => (
        <p key={warning}>{t('codecs.warning', { text: warning })}</p>
      ))}
      <div className={page.columns}>
        {trial.fields !== undefined && <FieldTable title={t('codecs.fields')} fields={trial.fields} />}
        {trial.entity !== undefined && <FieldTable title={t('codecs.entity')} fields={trial.entity} />}
      </div>
    </>
  )
}

function FieldTable({ title, fields }: { readonly title: string; readonly fields: Fields }): ReactNode {
  return (
    <table className={page.table}>
      <caption className={page.caption}>{title}</caption>
      <tbody>
        {Object.entries(fields).map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td className={page.id}>{typeof value === 'string' ? value : JSON.stringify(value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
