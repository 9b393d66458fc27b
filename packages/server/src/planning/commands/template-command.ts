import { demoCity } from '@cityloop/economy'
import { uploadKinds, uploadTemplates } from '../tables/upload-templates.ts'
import { writeWorkbook } from '../tables/write-workbook.ts'
import { type Answer, type Asked, UsageError } from './answer.ts'

/** `template`: the templates, or one of them; `city` is the demo as a document to start from. */
export async function templateCommand(asked: Asked): Promise<Answer> {
  const [kind, ...others] = asked.files
  if (others.length > 0) throw new UsageError(`one template is written, not also ${others.join(', ')}`)
  if (kind === undefined) {
    const lines = uploadKinds.map((known) => `${known.padEnd(14)} ${uploadTemplates[known].about}`)
    return { lines: [...lines, `${'city'.padEnd(14)} A whole city with all parameters (JSON).`], data: uploadTemplates }
  }
  if (kind === 'city') return { lines: [JSON.stringify(demoCity, undefined, 2)], data: demoCity }
  const template = uploadKinds.find((known) => known === kind)
  if (template === undefined) throw new UsageError(`there is no template ${kind}; there are ${[...uploadKinds, 'city'].join(', ')}`)
  const { columns, example, about } = uploadTemplates[template]
  const rows = [columns, ...example]
  return { lines: [about, '', ...rows.map((row) => row.join(','))], data: uploadTemplates[template], rows, workbook: writeWorkbook(template, rows) }
}
