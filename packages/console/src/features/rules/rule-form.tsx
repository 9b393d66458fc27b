import { Autocomplete, Button, NativeSelect, Switch, TextInput } from '@mantine/core'
import type { FormEvent, ReactNode } from 'react'
import { useTexts } from '../../i18n/use-texts.ts'
import { Outcome } from '../../page/page.tsx'
import { useDraft } from '../../page/use-draft.ts'
import { parseDraft, ruleKinds, ruleSeverities } from './rule.ts'
import type { DraftFault, RuleDraft, RuleKind, RuleSeverity } from './rule.ts'
import { useAttributesOf, usePutRule } from './use-rules.ts'
import page from '../../page/page.module.css'

type RuleFormProps = {
  readonly tenant: string | null
  readonly types: readonly string[]
  readonly first: RuleDraft
  /** Ids that are taken, which a new rule must not overwrite. */
  readonly known: readonly string[]
  readonly onDone: (title: string) => void
  readonly onCancel: () => void
}

/** The form for one rule; it shows only what the rule's kind needs, and says at each field what is wrong. */
export function RuleForm(props: RuleFormProps): ReactNode {
  const { t, word } = useTexts()
  const { change, draft, faultOf, showFaults, start } = useDraft<RuleDraft, DraftFault['fault'] | 'taken'>(props.first, (fault) =>
    fault === 'taken' ? t('rules.taken') : t(`rules.fault.${fault}`),
  )
  const put = usePutRule(props.tenant)
  const attributes = useAttributesOf(props.tenant, draft.type)
  const isNew = props.first.id === ''
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const parsed = parseDraft(draft)
    if ('faults' in parsed) return showFaults(parsed.faults)
    if (isNew && props.known.includes(parsed.id)) return showFaults([{ field: 'title', fault: 'taken' }])
    put.mutate({ id: parsed.id, rule: parsed.rule }, { onSuccess: () => props.onDone(draft.title.trim()) })
  }
  const number = (field: 'limit' | 'clearLimit' | 'limitPerHour' | 'afterMinutes', label: string, hint: string): ReactNode => (
    <TextInput
      label={label}
      description={hint}
      inputMode="decimal"
      value={draft[field]}
      onChange={(event) => change({ [field]: event.currentTarget.value })}
      error={faultOf(field)}
    />
  )
  return (
    <form className={page.card} onSubmit={submit} noValidate aria-labelledby="rule-form-title">
      <div className={page.cardHead}>
        <h3 id="rule-form-title">{isNew ? t('rules.newTitle') : t('rules.editTitle', { title: props.first.title })}</h3>
      </div>
      <div className={page.form}>
        <div className={page.fields}>
          <TextInput
            ref={start}
            label={t('rules.name')}
            description={t('rules.nameHint')}
            value={draft.title}
            onChange={(event) => change({ title: event.currentTarget.value })}
            error={faultOf('title')}
          />
          <Autocomplete
            label={t('rules.type')}
            description={t('rules.typeHint')}
            value={draft.type}
            onChange={(type) => change({ type })}
            data={[...props.types]}
            renderOption={({ option }) => word(option.value)}
            error={faultOf('type')}
          />
          <NativeSelect
            label={t('rules.kind')}
            description={t(`rules.kindHint.${draft.kind}`)}
            value={draft.kind}
            onChange={(event) => change({ kind: event.currentTarget.value as RuleKind })}
            data={ruleKinds.map((kind) => ({ value: kind, label: t(`rules.kindName.${kind}`) }))}
          />
          <NativeSelect
            label={t('rules.severity')}
            description={t('rules.severityHint')}
            value={draft.severity}
            onChange={(event) => change({ severity: event.currentTarget.value as RuleSeverity })}
            data={ruleSeverities.map((severity) => ({ value: severity, label: t(`alerts.severity.${severity}`) }))}
          />
          <Autocomplete
            label={t('rules.attribute')}
            description={draft.kind === 'absence' ? t('rules.attributeAny') : t('rules.attributeHint')}
            value={draft.attribute}
            onChange={(attribute) => change({ attribute })}
            data={[...attributes]}
            error={faultOf('attribute')}
          />
          {draft.kind === 'threshold' && (
            <>
              <NativeSelect
                label={t('rules.side')}
                description={t('rules.sideHint')}
                value={draft.above ? 'above' : 'below'}
                onChange={(event) => change({ above: event.currentTarget.value === 'above' })}
                data={[
                  { value: 'above', label: t('rules.above') },
                  { value: 'below', label: t('rules.below') },
                ]}
              />
              {number('limit', t('rules.limit'), t('rules.limitHint'))}
              {number('clearLimit', t('rules.clearLimit'), t('rules.clearHint'))}
            </>
          )}
          {draft.kind === 'rate' && number('limitPerHour', t('rules.limitPerHour'), t('rules.rateHint'))}
          {draft.kind === 'state' && (
            <TextInput
              label={t('rules.values')}
              description={t('rules.valuesHint')}
              value={draft.values}
              onChange={(event) => change({ values: event.currentTarget.value })}
              error={faultOf('values')}
            />
          )}
          {draft.kind === 'absence' && number('afterMinutes', t('rules.afterMinutes'), t('rules.afterHint'))}
          <Switch label={t('rules.isOn')} checked={draft.isActive} onChange={(event) => change({ isActive: event.currentTarget.checked })} mt={24} />
        </div>
        <Outcome text="" error={put.error} />
        <div className={page.formActions}>
          <Button type="submit" loading={put.isPending}>
            {t('rules.save')}
          </Button>
          <Button variant="default" onClick={props.onCancel}>
            {t('page.cancel')}
          </Button>
        </div>
      </div>
    </form>
  )
}
