import { Button } from '@mantine/core'
import { IconPencil, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { formatNumber } from '../../format/numbers.ts'
import { useTexts } from '../../i18n/use-texts.ts'
import type { Speech } from '../../i18n/use-texts.ts'
import { AskButton } from '../../page/ask-button.tsx'
import { ListState, Outcome, Page } from '../../page/page.tsx'
import { emptyDraft, toDraft } from './rule.ts'
import type { Rule, RuleDraft } from './rule.ts'
import { RuleForm } from './rule-form.tsx'
import { useDeleteRule, useRules } from './use-rules.ts'
import page from '../../page/page.module.css'

/** The rules that make alerts: listed, written, changed, deleted. */
export function RulesPage({ tenant, types }: { readonly tenant: string | null; readonly types: readonly string[] }): ReactNode {
  const speech = useTexts()
  const { t, word } = speech
  const query = useRules(tenant)
  const remove = useDeleteRule(tenant)
  const [draft, setDraft] = useState<RuleDraft | null>(null)
  const [done, setDone] = useState('')
  const rules = query.data ?? []
  const open = (next: RuleDraft): void => {
    setDone('')
    setDraft(next)
  }
  return (
    <Page
      title={t('rules.title')}
      about={t('rules.about')}
      actions={
        <Button leftSection={<IconPlus size={16} />} onClick={() => open(emptyDraft(types[0] ?? ''))}>
          {t('rules.add')}
        </Button>
      }
    >
      <Outcome text={done} error={remove.error} />
      {draft !== null && (
        <RuleForm
          key={draft.id}
          tenant={tenant}
          types={types}
          first={draft}
          known={rules.map(({ id }) => id)}
          onDone={(title) => {
            setDraft(null)
            setDone(t('rules.stored', { title }))
          }}
          onCancel={() => setDraft(null)}
        />
      )}
      <div className={page.card}>
        <ListState query={query} empty={rules.length === 0 ? t('rules.none') : null} />
        {rules.length > 0 && (
          <table className={page.table}>
            <caption className="srOnly">{t('rules.title')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('rules.name')}</th>
                <th scope="col">{t('rules.condition')}</th>
                <th scope="col">{t('rules.severity')}</th>
                <th scope="col">{t('rules.state')}</th>
                <th scope="col">
                  <span className="srOnly">{t('page.actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rules.map((rule) => (
                <tr key={rule.id} data-rule={rule.id}>
                  <th scope="row">
                    {rule.title}
                    <span className={page.small}>{word(rule.type)}</span>
                  </th>
                  <td>{conditionOf(rule, speech)}</td>
                  <td data-label={t('rules.severity')}>{t(`alerts.severity.${rule.severity}`)}</td>
                  <td data-label={t('rules.state')}>{rule.isActive ? t('rules.on') : t('rules.off')}</td>
                  <td>
                    <div className={page.rowActions}>
                      <Button
                        size="compact-sm"
                        variant="default"
                        leftSection={<IconPencil size={14} />}
                        aria-label={t('rules.editOne', { title: rule.title })}
                        onClick={() => open(toDraft(rule))}
                      >
                        {t('page.edit')}
                      </Button>
                      <AskButton
                        text={t('page.delete')}
                        label={t('rules.deleteOne', { title: rule.title })}
                        question={t('page.reallyDelete')}
                        isBusy={remove.isPending}
                        onConfirm={() => remove.mutate(rule.id, { onSuccess: () => setDone(t('rules.deleted', { title: rule.title })) })}
                      />
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </Page>
  )
}

/** What a rule says, in words. */
function conditionOf(rule: Rule, { t, word, language }: Speech): string {
  const number = (value: number): string => formatNumber(value, language)
  switch (rule.kind) {
    case 'threshold': {
      const values = { attribute: word(rule.attribute), limit: number(rule.limit), clearLimit: number(rule.clearLimit) }
      return rule.above ? t('rules.isAbove', values) : t('rules.isBelow', values)
    }
    case 'rate':
      return t('rules.changesFaster', { attribute: word(rule.attribute), limit: number(rule.limitPerHour) })
    case 'absence':
      return rule.attribute === undefined
        ? t('rules.isSilent', { minutes: number(rule.afterS / 60) })
        : t('rules.isMissing', { attribute: word(rule.attribute), minutes: number(rule.afterS / 60) })
    case 'state':
      return t('rules.isOneOf', {
        attribute: word(rule.attribute),
        values: new Intl.ListFormat(language, { type: 'disjunction' }).format(rule.values),
      })
  }
}
